/** What clients that come back are told again, and what they have to fetch. */
import { MAX_REPLAY } from '@confab/contract/gateway/frames'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame } from '@confab/testkit/socket'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LoggedEvent } from './bus.ts'
import { Replays } from './gateway-replay.ts'
import { greetGateway, type Position } from './testing.ts'

let server: TestServer
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  server = await startTestServer({ MAX_MESSAGE_CHARS: '100000' })
  ;[ada, bob] = await server.people('ada', 'bob')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
})

const start = (resume?: Position) => greetGateway(server, bob, resume)

/** Opens and closes, and gives where Bob's client then is. */
async function leave(): Promise<Position> {
  const { socket, ready } = await start()
  await socket.close()
  return { epoch: ready.epoch, positions: ready.positions }
}

const say = (content: string, to = room) => ada.post(`/api/chatrooms/${to}/messages/`, { content })
const sayMuch = (to = room) => say('x'.repeat(100_000), to)
const rising = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)

/** Of what was said in rooms one is notified, too, whenever that is done. */
const isOfRoom = ({ topic }: Frame) => String(topic).startsWith('room:')

/** What a server holds of what clients missed and have not taken, as `/metrics` has it. */
async function untakenBytes(): Promise<number> {
  const { body } = await server.anonymous.get('/metrics')
  return Number(/^confab_replay_untaken_bytes\S* (\d+)$/m.exec(String(body))?.[1])
}

describe('what a client missed that is more than 1 MB', () => {
  test('is told of the topics with the least, each whole, and the others are to be fetched', async () => {
    const other = (await server.group(ada, [bob])).id
    const third = (await server.group(ada, [bob])).id
    const position = await leave()
    const seqOf = (id: number) => position.positions[`room:${id}`] ?? 0
    for (let index = 0; index < 7; index++) await sayMuch()
    for (let index = 0; index < 5; index++) await sayMuch(other)
    for (const content of ['one', 'two']) await say(content, third)

    const { before, ready } = await start(position)

    expect(before.filter(isOfRoom).map(({ type, topic, seq }) => [type, topic, seq])).toEqual([
      ...rising(seqOf(other) + 1, 5).map((seq) => ['message.created', `room:${other}`, seq]),
      ...rising(seqOf(third) + 1, 2).map((seq) => ['message.created', `room:${third}`, seq]),
      ['resync', `room:${room}`, seqOf(room) + 7],
    ])
    expect(ready.positions[`room:${room}`]).toBe(seqOf(room) + 7)
  })

  test('is not even read from the log, as far as there is no room for it', async () => {
    const { epoch: _, positions } = await leave()
    for (let index = 0; index < 5; index++) await sayMuch()
    const { realtime } = server.core.services
    const after = positions[`room:${room}`] ?? 0
    const read = (maxBytes: number) =>
      realtime.readStretches([{ topic: `room:${room}`, after, upTo: after + 5 }], { maxBytes })

    expect(await read(499_999)).toEqual([])
    expect((await read(510_000)).map(({ seq }) => seq)).toEqual(rising(after + 1, 5))
  })
})

test.each([
  ['cannot be told it, since it is gone from the log', (then: number) => then],
  ['claims to know it better than the log', (then: number) => then + 1_000],
  ['does not say how far it has come in it', () => undefined],
])('of rooms nothing is told again to a client that is not told its own topic: one that %s', async (_, positionOf) => {
  const own = `user:${bob.id}`
  const { epoch, positions } = await leave()
  await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
  await say('without bob')
  await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [bob.id] })
  await sql`DELETE FROM user_events WHERE user_id = ${bob.id}`.execute(server.database.kysely)

  const { [own]: then = 0, ...rooms } = positions
  const seq = positionOf(then)
  const { before } = await start({ epoch, positions: seq === undefined ? rooms : { ...rooms, [own]: seq } })

  expect(before.map(({ type, topic }) => [type, topic]).toSorted()).toEqual([
    ['resync', `room:${room}`],
    ['resync', own],
  ])
})

describe('a client that has missed too much of its own topic', () => {
  /** So many notifications that the client is told of none of them. */
  async function tellTooMuch(): Promise<void> {
    await sql`
      SELECT count(*) FROM record_user_events(
        array_fill(${bob.id}::bigint, ARRAY[${MAX_REPLAY + 1}::integer]),
        array_fill('notification.created'::text, ARRAY[${MAX_REPLAY + 1}::integer]),
        array_fill('{"ids": []}'::jsonb, ARRAY[${MAX_REPLAY + 1}::integer]))`.execute(server.database.kysely)
  }

  test('is told again what it missed of rooms, but of those that it was away from', async () => {
    const own = `user:${bob.id}`
    const other = (await server.group(ada, [bob])).id
    const position = await leave()
    await say('while away')
    await say('before he left', other)
    await ada.post(`/api/chatrooms/${other}/remove_member/`, { user_id: bob.id })
    await ada.post(`/api/chatrooms/${other}/add_members/`, { users: [bob.id] })
    await tellTooMuch()

    const { before, ready } = await start(position)

    expect(before.map(({ type, topic, seq }) => [type, topic, seq])).toEqual([
      ['message.created', `room:${room}`, (position.positions[`room:${room}`] ?? 0) + 1],
      ['resync', own, ready.positions[own]],
      ['resync', `room:${other}`, ready.positions[`room:${other}`]],
    ])
  })

  test('is told nothing of rooms where the log may have forgotten that it was away from them', async () => {
    const position = await leave()
    await say('while away')
    await tellTooMuch()
    const then = position.positions[`user:${bob.id}`] ?? 0
    await sql`DELETE FROM user_events WHERE user_id = ${bob.id} AND seq = ${then + 5}`.execute(server.database.kysely)

    const { before } = await start(position)

    expect(before.map(({ type, topic }) => [type, topic])).toEqual([
      ['resync', `user:${bob.id}`],
      ['resync', `room:${room}`],
    ])
  })
})

test('what is told again is counted, of those who resumed and of nobody else', async () => {
  const count = async (name: string) => {
    const { body } = await server.anonymous.get('/metrics')
    return Number(new RegExp(`^confab_${name}_total\\S* (\\d+)$`, 'm').exec(String(body))?.[1])
  }
  const countAll = async () => [await count('replays'), await count('replayed_events'), await count('resyncs')]
  const { epoch, positions } = await leave()
  for (const content of ['one', 'two']) await say(content)
  const other = (await server.group(ada, [bob])).id
  const [replays = 0, events = 0, resyncs = 0] = await countAll()

  expect(await countAll()).not.toContain(Number.NaN)

  await start({ epoch: 'of another database', positions })
  expect(await countAll()).toEqual([replays, events, resyncs])
  const { before } = await start({ epoch, positions })

  expect(before.map(({ type, topic }) => [type, topic])).toContainEqual(['resync', `room:${other}`])
  const told = before.filter(({ type }) => type !== 'resync').length
  expect(told).toBeGreaterThan(2)
  expect(await countAll()).toEqual([replays + 1, events + told, resyncs + before.length - told])
})

describe('what a server holds of all its clients missed', () => {
  const messages = Array.from(
    { length: 10 },
    (_, id): LoggedEvent => ({
      topic: `room:${id + 1}`,
      seq: 1,
      type: 'message.created',
      data: { message: { content: 'x'.repeat(100_000) } },
    }),
  )

  test('is bounded: beyond it clients fetch, until others have taken theirs', () => {
    const replays = new Replays(950_000)
    const renderAll = () =>
      messages.map((event) => replays.render({ events: [event], resyncs: ['user:1'] }, 'http://localhost'))

    const rendered = renderAll()

    const told = rendered.filter(({ frames }) => frames.length === 1)
    expect(told).toHaveLength(9)
    for (const { resyncs } of told) expect(resyncs).toEqual(['user:1'])
    expect(rendered[9]).toMatchObject({ frames: [], resyncs: ['user:1', 'room:10'] })
    for (const { release } of rendered) release()
    expect(replays.untakenBytes).toBe(0)
    expect(renderAll()[8]?.frames).toHaveLength(1)
  })

  test('is nothing once they have it', async () => {
    const position = await leave()
    for (let index = 0; index < 9; index++) await sayMuch()

    await start(position)

    await expect.poll(untakenBytes, { timeout: 30_000 }).toBe(0)
  })
})
