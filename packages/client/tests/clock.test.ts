import { selectUnreadTotal } from '@confab/client/selectors'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { connect, until } from './clients.ts'

let server: TestServer
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  server = await startTestServer()
})

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
})

afterEach(() => {
  vi.useRealTimers()
})

/** The clock of the device was ahead, and is put right. */
function putClockBack(): void {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() - 60 * 60_000)
}

test('a clock that is put back stops neither what is sent nor that one is seen typing', async () => {
  const [adas, bobs] = await Promise.all([connect(ada), connect(bob)])
  adas.messages.open(room)
  await until(adas, ({ windows }) => windows[room] !== undefined)
  adas.typing.start(room)
  await until(bobs, ({ typing }) => typing[room] !== undefined)
  adas.typing.stop(room)
  await until(bobs, ({ typing }) => typing[room] === undefined)

  putClockBack()
  adas.send(room, 'after the clock was put back')
  await until(adas, ({ outbox, windows }) => outbox.length === 0 && windows[room]?.messages.length === 1, 5_000)
  adas.typing.start(room)
  await until(bobs, ({ typing }) => typing[room] !== undefined, 5_000)

  expect(adas.state.windows[room]?.messages).toMatchObject([{ content: 'after the clock was put back' }])
})

test('a clock that is put back does not keep what is not certain from being fetched', async () => {
  const client = await connect(bob)
  const { id: first } = await server.group(ada, [bob])
  await until(client, ({ rooms }) => rooms.byId[first] !== undefined && !rooms.isStale)

  putClockBack()
  const { id: second } = await server.group(ada, [bob])
  await until(client, ({ rooms }) => rooms.byId[second] !== undefined && !rooms.isStale, 5_000)

  expect(client.state.rooms.byId[second]?.read_no).toBe(0)
})

test('what is unread in a room that was muted for a while counts again once that is over', async () => {
  const end = new Date(Date.now() + 60 * 60_000).toISOString()
  await bob.put(`/api/chatrooms/${room}/mute/`, { until: end })
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'not urgent' })
  const client = await connect(bob)
  await client.rooms.loadRoom(room)
  const totals: number[] = []
  client.store.select(selectUnreadTotal, (total) => totals.push(total))

  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 2 * 60 * 60_000)
  await until(client, ({ rooms }) => rooms.byId[room]?.muted_until === null, 5_000)

  expect(totals).toEqual([1])
  expect(client.state.details[room]?.muted_until).toBeNull()
})

test('a clock that is put back does not put back what the time of the server is taken for', async () => {
  const before = Date.now()
  const client = await connect(bob)
  putClockBack()

  expect(client.serverNow).toBeGreaterThan(before - 1_000)
  expect(client.serverNow).toBeLessThan(before + 10 * 60_000)
})
