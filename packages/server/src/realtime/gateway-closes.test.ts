import { signAccessToken } from '@confab/server/features/accounts/tokens'
import { takeDatabaseAway } from '@confab/testkit/database-away'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { type Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, expect, test, vi } from 'vitest'

/** Limits for what takes as long as connections to a database do. */
const POLL = { timeout: 20_000, interval: 500 }

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ MAX_SOCKETS_PER_USER: '2' })
})

/** Opens the gateway and says hello. */
async function start(person: Person, token = person.token): Promise<TestSocket> {
  const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, { protocols: ['confab.v1'] })
  server.sockets.push(socket)
  socket.send({ type: 'hello', token })
  return socket
}

/** An access token of the person's session that is valid for so many seconds. */
function tokenOf(person: Person, seconds: number): Promise<string> {
  const claims = JSON.parse(Buffer.from(String(person.token).split('.')[1] ?? '', 'base64url').toString())
  const bearer = { userId: person.id, sessionId: claims.session_id, username: person.username }
  return signAccessToken(server.core.secretKey, bearer, seconds)
}

test('a socket whose token expires is closed, and may come back with a new one', async () => {
  const ada = await server.person('ada')

  const socket = await start(ada, await tokenOf(ada, 5))

  await socket.next('ready')
  expect(await socket.closed(20_000)).toEqual({ code: 4001, reason: 'token_expired' })
})

test('a token that had expired before the hello is told apart from one that is not valid', async () => {
  const ada = await server.person('ada')

  const socket = await start(ada, await tokenOf(ada, -60))

  expect(await socket.closed()).toEqual({ code: 4001, reason: 'token_expired' })
})

test('one socket more than a person may have is closed with when to come back, and its place is free after a close', async () => {
  const ada = await server.person('ada')
  const first = await start(ada)
  const second = await start(ada)
  await first.next('ready')
  await second.next('ready')

  const third = await start(ada)

  expect(await third.closed()).toEqual({ code: 4029, reason: 'too_many_sockets:5000' })
  expect([first.isOpen, second.isOpen]).toEqual([true, true])
  await first.close()
  await (await start(ada)).next('ready')
})

test('a socket that says no hello is closed after 10 seconds, and not before', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, { protocols: ['confab.v1'] })
    // In steps, so that a heartbeat that comes meanwhile is answered in time.
    for (const ms of [5_000, 4_999]) {
      vi.advanceTimersByTime(ms)
      await socket.ping()
    }
    expect(socket.isOpen).toBe(true)

    vi.advanceTimersByTime(1)

    expect(await socket.closed()).toEqual({ code: 4002, reason: 'hello_missing' })
  } finally {
    vi.useRealTimers()
  }
})

test('each beat is told to the client as a frame too, since programs in browsers see no other', async () => {
  const ada = await server.person('ada')
  // The first beat comes at a random time, here soon.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.01)
  const socket = await start(ada)
  random.mockRestore()

  expect(await socket.next('ping', 20_000)).toEqual({ type: 'ping' })
})

test('while the database is away sends are told to come again, sockets stay open, and go on once it is back', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob])
  const socket = await start(bob)
  await socket.next('ready')
  const say = (content: string) => ada.post(`/api/chatrooms/${room}/messages/`, { content })
  expect((await say('before')).status).toBe(201)
  const { bringBack } = await takeDatabaseAway(server)

  const refused = await say('meanwhile')
  socket.send({ type: 'message.send', ref: 'one', room, content: 'meanwhile', client_id: 'meanwhile' })
  const error = await socket.nextWhere(({ ref }) => ref === 'one', 20_000)
  await bringBack()

  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(error).toMatchObject({ type: 'error', code: 'unavailable', retry_after_ms: expect.any(Number) })
  expect(socket.isOpen).toBe(true)
  await expect.poll(async () => (await say('after')).status, POLL).toBe(201)
  const isAfter = (frame: Frame) => JSON.stringify(frame).includes('"after"')
  expect(await socket.nextWhere(isAfter, 20_000)).toMatchObject({ type: 'message.created', topic: `room:${room}` })
})

test('a socket that starts while the database is away is told when to come back, and then starts', async () => {
  const ada = await server.person('ada')
  const { bringBack } = await takeDatabaseAway(server)

  const { code, reason } = await (await start(ada)).closed(20_000)

  expect(code).toBe(4003)
  const waitMs = Number(/^unavailable:(\d+)$/.exec(reason)?.[1])
  expect(waitMs).toBeGreaterThanOrEqual(1_000)
  expect(waitMs).toBeLessThanOrEqual(4_000)
  await bringBack()
  await expect.poll(async () => (await start(ada)).next('ready').catch(() => undefined), POLL).toBeDefined()
})
