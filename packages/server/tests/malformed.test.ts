import { randomInt } from 'node:crypto'
import { chatSocket } from '@confab/contract/compat/chat'
import { notificationsSocket } from '@confab/contract/compat/notifications'
import { sidebarSocket } from '@confab/contract/compat/sidebar'
import { gatewaySocket } from '@confab/contract/gateway/socket'
import { publishedApi } from '@confab/testkit/published'
import { expectStatus, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectConsistent } from './consistency.ts'
import { lastWords, malformedFrame, type RawFrame } from './malformed/frames.ts'
import { malformedRequest, type RawRequest } from './malformed/requests.ts'
import { inParallel, type RawReply, sendBytes, Wire } from './malformed/wire.ts'

/** `FUZZ_SEED` repeats a run, `FUZZ_RUNS` makes it longer. */
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000)

/** Generous, since the machine may be busy; without load an answer takes milliseconds. */
const ANSWER_MS = 20_000

let server: TestServer
let wire: Wire
let mallory: Person
/** Somebody whom none of it concerns. */
let carol: Person
/** Mallory's rooms and messages, and Carol's. */
let ids: { room: number; message: number; foreignRoom: number; foreignMessage: number }
let before: unknown

const errors = vi.fn()

beforeAll(async () => {
  process.stdout.write(`malformed: FUZZ_SEED=${seed}\n`)
  server = await startTestServer()
  vi.spyOn(server.core.log, 'error').mockImplementation(errors)
  wire = new Wire(server.url, 24)
  const [one, two, bob] = await server.people('mallory', 'carol', 'bob')
  mallory = one
  carol = two
  const room = (await server.group(mallory, [bob], 'Mallory’s')).id
  const foreignRoom = (await server.group(carol, [bob], 'Carol’s')).id
  const say = async (person: Person, place: number) =>
    expectStatus(await person.post(`/api/chatrooms/${place}/messages/`, { content: 'hello' }), 201).body.id
  ids = { room, message: await say(mallory, room), foreignRoom, foreignMessage: await say(carol, foreignRoom) }
  await say(mallory, room)
  await bob.post('/api/friend-requests/', { to_user: mallory.id })
  before = await snapshot()
})

afterAll(() => wire.close())

describe(`of ${RUNS} malformed requests`, () => {
  test('each gets a proper answer in time, and none a server error', async () => {
    const requests = fc.sample(malformedRequest(await source()), { seed, numRuns: RUNS })
    const published = await publishedApi(server.url)
    const seen = new Map<number, number>()
    await inParallel(requests, 24, async (request, index) => {
      const reply = await send(request).catch((error: unknown) => fail(request, index, String(error)))
      seen.set(reply.status, (seen.get(reply.status) ?? 0) + 1)
      if (reply.status >= 500) fail(request, index, `${reply.status} ${reply.text}`)
      expectProperBody(reply, (body) => {
        const path = request.path.split('?', 1)[0] ?? ''
        if (request.method !== 'HEAD') published.check(request.method, path, { status: reply.status, body })
      })
    })
    expect(errors.mock.calls).toEqual([])
    expect((await mallory.get(`/api/chatrooms/${ids.room}/`)).status, 'the caller is who they were').toBe(200)
    // Were they refused for one reason only, the rest would have gone untested.
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 415]))
  }, 300_000)

  test.each(rawRequests())('%s is refused', async (_name, bytes) => {
    const answer = await sendBytes(server.url, bytes, ANSWER_MS)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).not.toContain('"statusCode"')
    await expectAlive()
  })
})

describe(`of ${RUNS} malformed frames`, () => {
  test('none closes its socket, makes the server fail, or keeps it from understanding the next', async () => {
    const known = Object.values(ids)
    const batches = Object.entries({
      '/ws/': gatewaySocket,
      [`/ws/chat/${ids.room}/`]: chatSocket,
      '/ws/notifications/': notificationsSocket,
      '/ws/sidebar/': sidebarSocket,
    }).flatMap(([path, socket]) =>
      slices(fc.sample(malformedFrame(socket, known), { seed, numRuns: Math.ceil(RUNS / 4) })).map((frames) => ({
        path,
        frames,
      })),
    )
    await inParallel(batches, 8, ({ path, frames }) => expectPatience(path, frames))
    expect(errors.mock.calls).toEqual([])
  }, 300_000)

  test.each(lastWords)('$name closes the socket with $code', async ({ write, data, code }) => {
    const socket = await mallory.connect(`/ws/chat/${ids.room}/`)
    if (write === 'frame') socket.send(data)
    else socket.sendBytes(data)
    expect((await socket.closed(ANSWER_MS)).code).toBe(code)
    await expectAlive()
  })

  test.each(wrongHandshakes())('the handshake %s is refused', async (_name, path, status) => {
    const bytes = upgrade(path.replace('TOKEN', mallory.token ?? '').replace('ROOM', String(ids.room)))
    expect(await sendBytes(server.url, bytes, ANSWER_MS)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await expectAlive()
  })
})

describe('after all of it', () => {
  test('what belongs to others is as it was, and nothing is half written', async () => {
    expect(await snapshot()).toEqual(before)
    await expectConsistent(async (sql) =>
      (await server.database.pool.query({ text: sql, rowMode: 'array' })).rows.flat(),
    )
  })

  test('the server serves as before', async () => {
    const socket = await carol.connect(`/ws/chat/${ids.foreignRoom}/`)
    const sent = await carol.post(`/api/chatrooms/${ids.foreignRoom}/messages/`, { content: 'still here' })
    expect(sent.status).toBe(201)
    expect(await socket.next('new_message')).toMatchObject({ message: { id: sent.body.id } })
    expect((await server.person('dora')).id).toBeGreaterThan(0)
    const { pool } = server.core.database
    await vi.waitFor(() => expect([pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]), 10_000)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

function send(request: RawRequest): Promise<RawReply> {
  const { token } = request
  const authorization = token === 'own' ? `Bearer ${mallory.token}` : token
  const headers = token === 'none' ? request.headers : { ...request.headers, authorization }
  return wire.send({ ...request, headers }, ANSWER_MS)
}

function fail(request: RawRequest, index: number, why: string): never {
  const { body, ...rest } = request
  const shown = JSON.stringify({ ...rest, body: body?.toString('latin1').slice(0, 1_000) })
  throw new Error(`FUZZ_SEED=${seed}, request ${index}: ${why}\n${shown.slice(0, 3_000)}`)
}

/** JSON where it says so, in the shape of the contract: never one of a library beneath. */
function expectProperBody(reply: RawReply, check: (body: unknown) => void): void {
  if (!reply.type.startsWith('application/json') || reply.text === '') return
  const body: unknown = JSON.parse(reply.text)
  if (reply.status >= 400) expect(body).not.toHaveProperty('statusCode')
  check(body)
}

async function source() {
  const { body: document } = await server.anonymous.get('/api/schema/?format=json')
  const lists = ['/api/chatrooms/', `/api/chatrooms/${ids.room}/messages/`, '/api/chatrooms/?ordering=room_name']
  const pages = await Promise.all(lists.map((path) => mallory.get(`${path}${path.includes('?') ? '&' : '?'}limit=1`)))
  const cursors = pages.flatMap(({ body }) =>
    body.next === null ? [] : [new URL(body.next).searchParams.get('cursor') ?? ''],
  )
  expect(cursors.length).toBeGreaterThan(0)
  const request = (await mallory.get('/api/friend-requests/')).body[0].id
  const known: Record<string, readonly number[]> = {
    messages: [ids.message, ids.foreignMessage],
    chatrooms: [ids.room, ids.foreignRoom],
    'friend-requests': [request],
  }
  return {
    document,
    cursors,
    known: (path: string, parameter: string) => {
      const collection = path.split(`/{${parameter}}`, 1)[0]?.split('/').at(-1) ?? ''
      return (known[collection] ?? [carol.id]).map(String)
    },
  }
}

/** All that is Carol's, down to the last number. */
async function snapshot(): Promise<unknown[]> {
  const { rows } = await server.database.pool.query(
    `SELECT 'person' AS kind, to_jsonb(u) - 'last_seen_at' AS row FROM users u WHERE id = $1
     UNION ALL SELECT 'room', to_jsonb(r) FROM rooms r WHERE id = $2
     UNION ALL SELECT 'member', to_jsonb(m) FROM room_members m WHERE room_id = $2
     UNION ALL SELECT 'message', to_jsonb(m) FROM messages m WHERE room_id = $2
     UNION ALL SELECT 'event', to_jsonb(e) FROM room_events e WHERE room_id = $2
     UNION ALL SELECT 'receipt', to_jsonb(r) FROM read_receipts r WHERE room_id = $2
     ORDER BY 1, 2`,
    [carol.id, ids.foreignRoom],
  )
  return rows
}

async function expectAlive(): Promise<void> {
  expect((await server.anonymous.get('/healthz')).status).toBe(200)
}

/** Fewer than a socket may send at once. */
const FRAMES_EACH = 50

function slices(frames: readonly RawFrame[]): RawFrame[][] {
  return Array.from({ length: Math.ceil(frames.length / FRAMES_EACH) }, (_, index) =>
    frames.slice(index * FRAMES_EACH, (index + 1) * FRAMES_EACH),
  )
}

/** Sends frames to a socket of its own; then it still answers, with an error, and stays open. */
async function expectPatience(path: string, frames: readonly RawFrame[]): Promise<void> {
  const socket = await mallory.connect(path)
  if (path === '/ws/') {
    socket.send({ type: 'hello' })
    await socket.next('ready')
  }
  for (const frame of frames) socket.send(frame)
  await socket.ping()
  const errorsOf = () => socket.pending().filter((frame) => frame.type === 'error')
  const count = errorsOf().length
  socket.send({ type: 'unheard of', action: 'unheard of' })
  await socket.ping()
  // The sidebar ignores what it is told.
  if (!path.includes('sidebar')) expect(errorsOf().length, `FUZZ_SEED=${seed}`).toBeGreaterThan(count)
  const said = errorsOf()
  expect(said.map((frame) => frame.message)).not.toContain('A server error occurred.')
  expect(said.map((frame) => frame.message)).not.toContain('Too many frames, slow down.')
  expect(said.map((frame) => frame.code)).not.toContain('throttled')
  expect(socket.isOpen, `FUZZ_SEED=${seed}`).toBe(true)
  await socket.close()
}

/** What is no HTTP, or too much of it. */
function rawRequests(): [name: string, bytes: string][] {
  const end = 'Host: x\r\n\r\n'
  return [
    ['a line that is no request', 'hello\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a head of 40 kB', `GET /healthz HTTP/1.1\r\nX-Long: ${'a'.repeat(40_000)}\r\n${end}`],
    ['a head of 3,000 lines', `GET /healthz HTTP/1.1\r\n${'A: b\r\n'.repeat(3_000)}${end}`],
    ['a path of 40 kB', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n${end}`],
    ['a path with half an escape', `GET /api/users/%E0%A4%A/ HTTP/1.1\r\n${end}`],
    ['a path that is no path', `GET // HTTP/1.1\r\n${end}`],
    ['a path with a NUL', `GET /api/users/\0/ HTTP/1.1\r\n${end}`],
    ['two lengths', `POST /api/login/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n${end}{}`],
    ['a length and chunks', `POST /api/login/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n${end}{}`],
    ['a length that is none', `POST /api/login/ HTTP/1.1\r\nContent-Length: -1\r\n${end}`],
    ['a chunk that is none', `POST /api/login/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${end}zz\r\n`],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a host that is none', 'GET /api/ HTTP/1.1\r\nHost: a b/c?d@e:99999999\r\n\r\n'],
    ['an upgrade to nothing', `GET /healthz HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${end}`],
  ]
}

function wrongHandshakes(): [name: string, path: string, status: number][] {
  return [
    ['without a token', '/ws/sidebar/', 403],
    ['with an empty token', '/ws/sidebar/?token=', 403],
    ['with a token of NULs', '/ws/sidebar/?token=%00%00', 403],
    ['with a huge token', `/ws/sidebar/?token=${'t'.repeat(9_000)}`, 403],
    ['with two tokens', '/ws/sidebar/?token=x&token=TOKEN', 403],
    ['to nowhere', '/ws/nowhere/?token=TOKEN', 404],
    ['to an empty path', '//?token=TOKEN', 404],
    ['to a path that is no URL', '//%5B::/?token=TOKEN', 404],
    ['to a room that is no number', '/ws/chat/abc/?token=TOKEN', 404],
    ['to a room beyond numbers', '/ws/chat/99999999999999999999999/?token=TOKEN', 404],
    ['to a room that is not there', '/ws/chat/999999999999999/?token=TOKEN', 403],
    ['to a broken escape', '/ws/chat/%ZZ/?token=TOKEN', 404],
  ]
}

function upgrade(path: string): string {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const head = ['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  return `GET ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
}
