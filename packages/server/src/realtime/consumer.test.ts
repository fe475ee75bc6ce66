import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { LogConsumer, movePositions, type RoomEvent } from './consumer.ts'

const server = await startTestServer()
const db = server.database.kysely

/** A consumer that keeps what it has consumed in a list, once its positions are moved. */
function startConsumer(
  name: string,
  consumed: RoomEvent[],
  { onRead = async () => {}, intervalMs = 1 } = {},
): LogConsumer {
  const consumer = new LogConsumer(server.core, {
    name,
    types: ['message.created', 'message.deleted'],
    intervalMs,
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

/** Rooms of two people, the ids growing. */
async function makeRooms(count: number) {
  const [ada, bob] = await server.people('ada', 'bob')
  const rooms: number[] = []
  while (rooms.length < count) rooms.push((await server.group(ada, [bob])).id)
  const send = async (room: number, content: string): Promise<number> => {
    const { status, body } = await ada.post(`/api/chatrooms/${room}/messages/`, { content })
    expect(status).toBe(201)
    return Number(Reflect.get(Object(body), 'id'))
  }
  return { ada, rooms, send }
}

/** Has a consumer of the name consume all there is. */
async function catchUp(name: string): Promise<void> {
  const consumer = startConsumer(name, [])
  const { rows } = await sql<{ behind: number }>`SELECT count(*) AS behind FROM rooms WHERE event_seq > 0`.execute(db)
  await vi.waitFor(async () => {
    const reached = await sql<{ count: number }>`
      SELECT count(*) FROM consumer_positions p JOIN rooms r ON r.id = p.room_id
      WHERE p.consumer = ${name} AND p.seq = r.event_seq`.execute(db)
    expect(reached.rows[0]?.count).toBe(rows[0]?.behind)
  }, 20_000)
  await consumer.stop()
}

test.each([true, false])(
  'what was read counts for nothing when another has consumed it (rooms known: %s)',
  async (isKnown) => {
    const name = `raced ${isKnown}`
    const { rooms, send } = await makeRooms(3)
    if (isKnown) await catchUp(name)
    const sent = await Promise.all(rooms.map((room) => send(room, 'once')))
    const slowly: RoomEvent[] = []
    const quickly: RoomEvent[] = []
    const { promise: isDone, resolve: done } = Promise.withResolvers<void>()
    const { promise: hasRead, resolve: read } = Promise.withResolvers<void>()
    const onRead = () => {
      read()
      return isDone
    }
    const slow = startConsumer(name, slowly, { onRead })
    await hasRead
    const quick = startConsumer(name, quickly)
    await vi.waitFor(
      () => expect(quickly.map((event) => event.messageId)).toEqual(expect.arrayContaining(sent)),
      10_000,
    )
    done()
    await Promise.all([slow.stop(), quick.stop()])

    expect(slowly).toEqual([])
  },
)

test('several consumers of one name consume each event once, each room in its order', async () => {
  const consumed: RoomEvent[] = []
  const consumers = Array.from({ length: 4 }, () => startConsumer('shared', consumed))
  const { rooms, send } = await makeRooms(3)
  const sent = await Promise.all(
    Array.from({ length: 240 }, async (_, index) => {
      const room = rooms[index % rooms.length] ?? 0
      return `${room}:${await send(room, `number ${index}`)}`
    }),
  )
  const ofRooms = () => consumed.filter((event) => rooms.includes(event.roomId))
  await vi.waitFor(() => expect(ofRooms().length).toBeGreaterThanOrEqual(sent.length), 20_000)
  await Promise.all(consumers.map((consumer) => consumer.stop()))

  const ofMessages = ofRooms()
  expect(ofMessages.map((event) => `${event.roomId}:${event.messageId}`).sort()).toEqual([...sent].sort())
  for (const room of rooms) {
    const seqs = ofMessages.filter((event) => event.roomId === room).map((event) => event.seq)
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other))
  }
})

test('a room that one run has no place for any more is consumed by the next', async () => {
  const { rooms, send } = await makeRooms(3)
  await catchUp('large')
  const [forgotten = 0, large = 0, last = 0] = rooms
  await send(forgotten, 'its event is gone')
  await sql`DELETE FROM room_events WHERE room_id = ${forgotten}`.execute(db)
  await Promise.all(Array.from({ length: 260 }, (_, index) => send(large, `number ${index}`)))
  const sent = await send(last, 'not forgotten')

  const consumed: RoomEvent[] = []
  const consumer = startConsumer('large', consumed)
  await vi.waitFor(() => expect(consumed.map((event) => event.messageId)).toContain(sent), 10_000)
  await consumer.stop()
  expect(consumed.filter((event) => event.roomId === large)).toHaveLength(260)
})

test('a consumer that is stopped consumes first what was committed here', async () => {
  const { rooms, send } = await makeRooms(1)
  const [room = 0] = rooms
  await catchUp('stopped')
  const consumed: RoomEvent[] = []
  const consumer = startConsumer('stopped', consumed, { intervalMs: 3_600_000 })
  const first = await send(room, 'at once')
  await vi.waitFor(() => expect(consumed.map((event) => event.messageId)).toEqual([first]), 10_000)
  const second = await send(room, 'with what follows')
  await consumer.stop()
  expect(consumed.map((event) => event.messageId)).toEqual([first, second])
})

test('a consumer knows how many events it still has before it: of its start, of now, and of what another consumed', async () => {
  const { rooms, send } = await makeRooms(2)
  const [one = 0, other = 0] = rooms
  await catchUp('counted')
  for (const content of ['while', 'nobody', 'looks']) await send(one, content)
  const { promise: isAllowed, resolve: allow } = Promise.withResolvers<void>()
  const { promise: hasRead, resolve: read } = Promise.withResolvers<void>()
  const onRead = () => {
    read()
    return isAllowed
  }
  const consumer = startConsumer('counted', [], { onRead })
  await hasRead

  expect(consumer.behind).toBe(3)
  await send(one, 'while it is at it')
  await send(other, 'elsewhere')
  expect(consumer.behind).toBe(5)
  await catchUp('counted')
  expect(consumer.behind).toBe(5)
  allow()
  await consumer.settled(10_000)

  expect(consumer.behind).toBe(0)
  await consumer.stop()
})

test('an event comes with the text of its message as it is now, and without one when it is gone', async () => {
  const { ada, rooms } = await makeRooms(1)
  const [room] = rooms
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
