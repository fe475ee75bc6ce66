import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RunningServer, startServer } from '@confab/server/app'
import { loadConfig } from '@confab/server/config'
import { makeLogger } from '@confab/server/lib/logger'
import { Api } from '@confab/testkit/api'
import { createTestDatabase, type TestDatabase } from '@confab/testkit/database'
import { expectStatus, PASSWORD, userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { useCli } from '../src/cli/testing.ts'
import { expectConsistent } from './consistency.ts'

/** What another server committed is found by the position check, which runs every two seconds; the machine may be busy. */
const DELIVERY_MS = 15_000

/** A session that was ended on one server is found to be so by the others every four seconds. */
const REVOCATION_MS = 15_000

const { serve } = useCli()

let database: TestDatabase
let folder: string
let env: Record<string, string>
let inProcess: RunningServer[]
/** Three servers on one database, without Redis: two in this process, and one a process of its own. */
let urls: string[]
const people: { id: number; token: string }[] = []
let sockets: TestSocket[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'confab-two-'))
  const secretKey = randomBytes(32).toString('hex')
  env = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, RATE_LIMIT_FACTOR: '0', LOG_LEVEL: 'error' }
  const config = loadConfig(env)
  const start = () => startServer({ config, secretKey, database, log: makeLogger('error') })
  inProcess = await Promise.all([start(), start()])
  env = { ...env, DATABASE_URL: database.url, SECRET_KEY: secretKey }
  for (const username of ['ada', 'bob', 'cleo']) await register(username)
})

beforeEach(async () => {
  urls = [...inProcess.map(({ url }) => url), (await serve(env)).url]
})

afterEach(() => {
  for (const socket of sockets) socket.terminate()
  sockets = []
})

afterAll(async () => {
  for (const server of inProcess) await server.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

test('what is committed at one server reaches the sockets of the others in seconds, in order and once', async () => {
  const sidebars = await Promise.all(urls.map((_, place) => connect(place, 1, '/ws/sidebar/')))
  const room = await makeRoom()
  for (const sidebar of sidebars) {
    expect(await sidebar.next('group_created', DELIVERY_MS)).toMatchObject({ group: { id: room } })
  }

  const chats = await Promise.all(urls.map((_, place) => connect(place, 1, `/ws/chat/${room}/`)))
  const sent: number[] = []
  for (let count = 0; count < 5; count++) sent.push((await say(0, 0, room, `number ${count}`)).body.id)
  for (const chat of chats) {
    await vi.waitFor(() => expect(toldIn(chat)).toEqual(sent), { timeout: DELIVERY_MS, interval: 20 })
  }
})

test('messages sent at all servers at once have one order, and every socket hears them in it', async () => {
  const room = await makeRoom()
  const chats = await Promise.all(urls.map((_, place) => connect(place, 2, `/ws/chat/${room}/`)))
  await Promise.all(
    Array.from({ length: 90 }, async (_, count) => {
      expectStatus(await say(count % urls.length, count % people.length, room, `number ${count}`), 201)
    }),
  )
  const { body } = await api(2, 0).get(`/api/chatrooms/${room}/messages/?ordering=id&limit=100`)
  const stored = body.results.map((message: { id: number }) => message.id)
  expect(stored).toHaveLength(90)
  for (const chat of chats) {
    await vi.waitFor(() => expect(toldIn(chat)).toEqual(stored), { timeout: DELIVERY_MS, interval: 20 })
  }
  await expectConsistent(async (sql) => (await database.pool.query({ text: sql, rowMode: 'array' })).rows.flat())
})

test('the same client_id sent to all servers at once is stored once', async () => {
  const room = await makeRoom()
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, count) => say(count % urls.length, 0, room, 'only once', 'the same')),
  )
  expect(replies.map((reply) => reply.status).sort()).toEqual([...Array(11).fill(200), 201])
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
})

test('members are told of each message once, whichever server gets to it', async () => {
  const room = await makeRoom()
  await Promise.all(Array.from({ length: 60 }, (_, count) => say(count % urls.length, 0, room, `number ${count}`)))
  const told = async () => {
    const { rows } = await database.pool.query(
      `SELECT user_id, count(*), count(DISTINCT message_id) AS messages
       FROM notifications WHERE room_id = $1 AND message_id IS NOT NULL GROUP BY user_id ORDER BY user_id`,
      [room],
    )
    return rows
  }
  const others = people.slice(1).map(({ id }) => ({ user_id: id, count: 60, messages: 60 }))
  await vi.waitFor(async () => expect(await told()).toEqual(others), { timeout: 20_000, interval: 50 })
})

test('a session that is ended at one server ends at the others within seconds: its token and its sockets', async () => {
  const { body } = await api(0, 2).post('/api/login/', { identifier: 'cleo', password: PASSWORD })
  const token: string = body.tokens.access
  const place = people.push({ id: userIdOf(token), token }) - 1
  const paths = ['/ws/sidebar/', '/ws/notifications/']
  const open = await Promise.all(urls.flatMap((_, at) => paths.map((socketPath) => connect(at, place, socketPath))))
  const gateways = await Promise.all(urls.map((_, at) => greet(at, place)))
  const kept = await connect(1, 2, '/ws/sidebar/')
  // Each has found the token good just now, and remembers.
  for (const [at] of urls.entries()) expect((await api(at, place).get('/api/profile/')).status).toBe(200)

  expect((await api(0, place).post('/api/logout/', { refresh_token: body.tokens.refresh })).status).toBe(200)

  const closes = await Promise.all([...open, ...gateways].map((socket) => socket.closed(REVOCATION_MS)))
  expect(closes.map(({ code }) => code)).toEqual(closes.map(() => 4501))
  await vi.waitFor(
    async () => {
      const replies = await Promise.all(urls.map((_, at) => api(at, place).get('/api/profile/')))
      expect(replies.map((reply) => reply.status)).toEqual([401, 401, 401])
    },
    { timeout: REVOCATION_MS, interval: 50 },
  )
  expect(kept.isOpen).toBe(true)
  people.pop()
})

async function register(username: string): Promise<void> {
  const account = { username, password: PASSWORD, confirm_password: PASSWORD }
  const { body } = expectStatus(await new Api(inProcess[0]?.url ?? '').post('/api/register/', account), 201)
  people.push({ id: userIdOf(body.tokens.access), token: body.tokens.access })
}

/** One of the servers, as one of the people. */
function api(place: number, person: number): Api {
  return new Api(urls[place] ?? '', people[person]?.token)
}

async function makeRoom(): Promise<number> {
  const participant_ids = people.slice(1, 3).map(({ id }) => id)
  return expectStatus(await api(0, 0).post('/api/chatrooms/', { room_name: 'ours', participant_ids }), 201).body.id
}

function say(place: number, person: number, room: number, content: string, clientId?: string) {
  const body = { content, ...(clientId === undefined ? {} : { client_id: clientId }) }
  return api(place, person).post(`/api/chatrooms/${room}/messages/`, body)
}

async function connect(place: number, person: number, socketPath: string): Promise<TestSocket> {
  const { baseUrl, token } = api(place, person)
  const socket = await TestSocket.open(`${baseUrl.replace(/^http/, 'ws')}${socketPath}?token=${token}`)
  sockets.push(socket)
  return socket
}

async function greet(place: number, person: number): Promise<TestSocket> {
  const socket = await connect(place, person, '/ws/')
  socket.send({ type: 'hello' })
  await socket.next('ready')
  return socket
}

function toldIn(chat: TestSocket): unknown[] {
  return chat
    .pending()
    .filter((frame) => frame.type === 'new_message')
    .map(({ message }) => Reflect.get(Object(message), 'id'))
}
