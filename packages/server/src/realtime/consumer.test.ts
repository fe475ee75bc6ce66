import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { LogConsumer, movePositions, type RoomEvent } from './consumer.ts'

const server = await startTestServer()
const db = server.database.kysely

/** A consumer that keeps what it has consumed in a list, once its positions are moved. */
function startConsumer(name: string, consumed: RoomEvent[], onRead = async () => {}): LogConsumer {
  const consumer = new LogConsumer(server.core, {
    name,
    types: ['message.created', 'message.deleted'],
    intervalMs: 1,
    async consume(connection, events, moves) {
      await onRead()
      const { rows } = await sql<{ room_id: number }>`SELECT room_id FROM ${movePositions(name, moves)}`.execute(
        connection,
      )
      const moved = rows.map((row) => row.room_id)
      consumed.push(...events.filter((event) => moved.includes(event.roomId)))
      return moved
    },
  })
  consumer.start()
  return consumer
}

async function sendMany(count: number): Promise<{ rooms: number[]; sent: string[] }> {
  const [ada, bob] = await server.people('ada', 'bob')
  const groups = await Promise.all(Array.from({ length: 3 }, () => server.group(ada, [bob])))
  const rooms = groups.map((group) => group.id)
  const sent = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const room = rooms[index % rooms.length]
      const { status, body } = await ada.post(`/api/chatrooms/${room}/messages/`, { content: `number ${index}` })
      expect(status).toBe(201)
      return `${room}:${Reflect.get(Object(body), 'id')}`
    }),
  )
  return { rooms, sent }
}

test('several consumers of one name consume each event once, each room in its order', async () => {
  const consumed: RoomEvent[] = []
  const consumers = Array.from({ length: 4 }, () => startConsumer('shared', consumed))
  const { rooms, sent } = await sendMany(240)
  await vi.waitFor(() => expect(consumed.length).toBeGreaterThanOrEqual(sent.length), 20_000)
  await Promise.all(consumers.map((consumer) => consumer.stop()))

  const ofMessages = consumed.filter((event) => rooms.includes(event.roomId))
  expect(ofMessages.map((event) => `${event.roomId}:${event.messageId}`).sort()).toEqual([...sent].sort())
  for (const room of rooms) {
    const seqs = ofMessages.filter((event) => event.roomId === room).map((event) => event.seq)
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other))
  }
})

test('what a consumer has read counts for nothing when another has consumed it meanwhile', async () => {
  const slowly: RoomEvent[] = []
  const quickly: RoomEvent[] = []
  const { promise: isDone, resolve: done } = Promise.withResolvers<void>()
  const { promise: hasRead, resolve: read } = Promise.withResolvers<void>()
  const slow = startConsumer('raced', slowly, () => {
    read()
    return isDone
  })
  const { rooms } = await sendMany(3)
  await hasRead
  const quick = startConsumer('raced', quickly)
  await vi.waitFor(() => expect(quickly.filter((event) => rooms.includes(event.roomId))).toHaveLength(3), 10_000)
  done()
  await slow.settled(10_000)
  await Promise.all([slow.stop(), quick.stop()])

  expect(slowly.filter((event) => rooms.includes(event.roomId))).toEqual([])
})

test('an event comes with the text of its message as it is now, and without one when it is gone', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob])
  const path = `/api/chatrooms/${room}/messages/`
  const ids: number[] = []
  for (const content of ['to stay', 'to be edited', 'to go']) {
    ids.push(Number(Reflect.get(Object((await ada.post(path, { content })).body), 'id')))
  }
  await ada.patch(`${path}${ids[1]}/`, { content: 'edited' })
  await ada.delete(`${path}${ids[2]}/`)

  const consumed: RoomEvent[] = []
  const consumer = startConsumer('late', consumed)
  await vi.waitFor(() => expect(consumed.some((event) => event.type === 'message.deleted')).toBe(true), 10_000)
  await consumer.stop()

  const created = consumed.filter((event) => event.roomId === room && event.type === 'message.created')
  expect(created.map(({ text, sender }) => [text, sender])).toEqual([
    ['to stay', ada.username],
    ['edited', ada.username],
    [null, null],
  ])
  expect(
    (await sql`SELECT FROM consumer_positions WHERE consumer = 'late' AND room_id = ${room}`.execute(db)).rows,
  ).toHaveLength(1)
})
