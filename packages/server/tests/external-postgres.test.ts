/**
 * The server on a Postgres that is not its own: that of the run, by `DATABASE_URL`. In CI this is once the embedded one, and
 * once an external one of the oldest version that is supported.
 */
import { readdir } from 'node:fs/promises'
import { Api } from '@confab/testkit/api'
import { createTestDatabase, type TestDatabase } from '@confab/testkit/database'
import { expectStatus, PASSWORD, userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Process, useCli } from '../src/cli/testing.ts'

/** Each test starts several processes, some one after the other. */
const patient = { timeout: 180_000 }

let database: TestDatabase
let env: Record<string, string>

beforeEach(async () => {
  database = await createTestDatabase({ isMigrated: false })
  env = { DATABASE_URL: database.url, DATA_DIR: newDataDir() }
})

afterEach(() => database.drop())

// Hooks run in the reverse order: what still runs is stopped before its database is dropped.
const { newDataDir, run, serve } = useCli()

test('migrate makes the tables once, beside a running server too', patient, async () => {
  const first = await run(['migrate'], env)
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toMatch(/^(Applied \S+\.sql\n)+$/)

  const { url } = await serve(env)
  const again = await run(['migrate'], env)
  expect(again).toMatchObject({ code: 0, stderr: '', stdout: 'Nothing to do: the schema is up to date.\n' })
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

test('what people do is there after a restart, and each stop lets go of the database', patient, async () => {
  const first = await serve(env)
  const ada = await enter(first.url, 'ada')
  const bob = await enter(first.url, 'bob')
  const group = { room_name: 'Engine room', participant_ids: [userIdOf(bob)] }
  const { id: room } = expectStatus(await new Api(first.url, ada).post('/api/chatrooms/', group), 201).body
  const socket = await TestSocket.open(`${first.url.replace('http', 'ws')}/ws/chat/${room}/?token=${bob}`)
  const messages = `/api/chatrooms/${room}/messages/`
  expectStatus(await new Api(first.url, ada).post(messages, { content: 'before' }), 201)
  expect(await socket.next('new_message')).toMatchObject({ message: { content: 'before' } })
  await stop(first)

  const second = await serve(env)
  expectStatus(await new Api(second.url, bob).post(messages, { content: 'after' }), 201)
  const { results } = expectStatus(await new Api(second.url, ada).get(`${messages}?ordering=id`), 200).body
  expect(results.map((message: { content: string }) => message.content)).toEqual(['before', 'after'])
  const login = { identifier: 'ada', password: PASSWORD }
  expectStatus(await new Api(second.url).post('/api/login/', login), 200)
  await stop(second)

  expect(await readdir(env.DATA_DIR ?? '')).not.toContain('postgres')
})

test('two servers that start at the same time on an empty database both serve', patient, async () => {
  const more = { ...env, SECRET_KEY: 'k'.repeat(40) }
  const servers = await Promise.all([serve(more), serve(more)])

  const [ada, other] = [await enter(servers[0].url, 'ada'), new Api(servers[1].url)]
  expect((await new Api(other.baseUrl, ada).get('/api/profile/')).body.username).toBe('ada')
})

/** Registers somebody, and answers their access token. */
async function enter(url: string, username: string): Promise<string> {
  const account = { username, password: PASSWORD, confirm_password: PASSWORD }
  return expectStatus(await new Api(url).post('/api/register/', account), 201).body.tokens.access
}

/** Stops a server, which leaves neither an error nor a connection behind. */
async function stop(server: Process): Promise<void> {
  server.child.kill('SIGTERM')
  expect(await server.closed).toMatchObject({ code: 0, stderr: '' })
  expect(server.output.stdout).not.toMatch(/"level":[56]0/)
  const connections = async () => {
    const { rows } = await database.pool.query(
      `SELECT application_name, query FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rows
  }
  await expect.poll(connections).toEqual([])
}
