import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServer } from '@confab/server/app'
import { loadConfig } from '@confab/server/config'
import { makeLogger } from '@confab/server/lib/logger'
import { Api } from '@confab/testkit/api'
import { createTestDatabase } from '@confab/testkit/database'
import { userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { afterAll, expect, test } from 'vitest'

const lines: string[] = []
const dataDir = await mkdtemp(path.join(tmpdir(), 'confab-logs-'))
const database = await createTestDatabase()
const server = await startServer({
  config: loadConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir }),
  secretKey: randomBytes(32).toString('hex'),
  database,
  log: makeLogger('trace', { write: (line: string) => lines.push(line) }),
})
afterAll(async () => {
  await server.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

test('no token and no password is logged, even where everything else is', async () => {
  const password = 'twelve-wild-geese-7'
  const anonymous = new Api(server.url)
  const account = { username: 'ada', password, confirm_password: password }
  const { access, refresh } = (await anonymous.post('/api/register/', account)).body.tokens
  const ada = new Api(server.url, access)

  await ada.get(`/api/profile/?token=${access}`)
  await anonymous.get('/api/profile/', { headers: { authorization: `Bearer ${refresh}` } })
  await anonymous.post('/api/token/refresh/', { refresh })
  await anonymous.post('/api/token/refresh/', { refresh: `${refresh}x` })
  await ada.post('/api/login/', { identifier: 'ada', password })
  await ada.patch('/api/profile/', { old_password: password, new_password: '1', confirm_password: '1' })
  await ada.post('/api/logout/', { refresh_token: refresh })
  await expect.poll(() => lines.join()).toContain('/api/logout/')

  const signatures = [access, refresh].map((token) => token.split('.')[2])
  for (const secret of [...signatures, password]) expect(lines.join()).not.toContain(secret)
})

/** Somebody new, with a group of their own. */
async function settle(username: string): Promise<{ person: Api; access: string; room: number }> {
  const [access, mate] = [await register(username), await register(`${username}s_friend`)]
  const person = new Api(server.url, access)
  const group = { room_name: 'Ours', participant_ids: [userIdOf(mate)] }
  return { person, access, room: (await person.post('/api/chatrooms/', group)).body.id }
}

async function register(username: string): Promise<string> {
  const password = 'twelve-wild-geese-7'
  const account = { username, password, confirm_password: password }
  return (await new Api(server.url).post('/api/register/', account)).body.tokens.access
}

test('no message and no token of a socket is logged', async () => {
  const { person, access, room } = await settle('bob')
  const text = 'under the third flower pot'
  const base = server.url.replace('http', 'ws')
  for (const path of [`/ws/chat/${room}/`, '/ws']) {
    const socket = await TestSocket.open(`${base}${path}?token=${access}`)
    await person.post(`/api/chatrooms/${room}/messages/`, { content: text })
    await socket.close()
  }
  await expect(TestSocket.open(`${base}/ws/chat/0/?token=${access}`)).rejects.toThrow('refused')
  await expect(TestSocket.open(`${base}/ws/nowhere/?token=${access}`)).rejects.toThrow('refused')
  await person.get(`/api/chatrooms/${room}/messages/?search=${encodeURIComponent(text)}`)
  await expect.poll(() => lines.join()).toContain(`/api/chatrooms/${room}/messages/`)

  for (const secret of [access.split('.')[2], text, encodeURIComponent(text)]) {
    expect(lines.join()).not.toContain(secret)
  }
})

test('an error of the database that nobody foresaw is logged without the message it was about', async () => {
  const { access, room } = await settle('cyd')
  const text = 'the password is swordfish'
  await database.pool.query(`ALTER TABLE messages ADD CONSTRAINT unforeseen CHECK (content <> '${text}')`)

  const reply = await fetch(`${server.url}/api/chatrooms/${room}/messages/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: text }),
  })

  expect(reply.status).toBe(500)
  await expect.poll(() => lines.join()).toContain('"constraint":"unforeseen"')
  expect(await reply.text()).not.toContain(text)
  expect(lines.join()).not.toContain(text)
})
