import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { SessionAuthenticator } from './authenticator.ts'

const server = await startTestServer()
const { anonymous } = server

async function logIn(username: string, userAgent: string): Promise<{ access: string; refresh: string }> {
  const reply = await anonymous.post(
    '/api/login/',
    { identifier: username, password: PASSWORD },
    { headers: { 'user-agent': userAgent } },
  )
  return reply.body.tokens
}

const profileWith = (access: string) =>
  anonymous.get('/api/profile/', { headers: { authorization: `Bearer ${access}` } })

test('sessions are listed with their devices, the latest first, for nobody but their owner', async () => {
  const [ada] = await server.people('ada', 'bob')
  await logIn(ada.username, 'Telescope/2')

  const reply = await ada.get('/api/sessions/')

  expect(reply.body).toMatchObject([
    { user_agent: 'Telescope/2', address: '127.0.0.1', is_current: false },
    { is_current: true },
  ])
  expect(reply.body).toHaveLength(2)
})

test('the list goes on at its link', async () => {
  const ada = await server.person('ada')
  for (const device of ['one', 'two']) await logIn(ada.username, device)

  const first = await ada.get('/api/sessions/?limit=2')
  const link = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
  const rest = await ada.get(link)

  expect(first.body.map((session: { user_agent: string }) => session.user_agent)).toEqual(['two', 'one'])
  expect(rest.body).toMatchObject([{ is_current: true }])
  expect(rest.headers.get('link')).toBeNull()
  expect((await ada.get('/api/sessions/?cursor=x')).status).toBe(404)
})

test('ending a session stops both its tokens at once', async () => {
  const ada = await server.person('ada')
  const phone = await logIn(ada.username, 'phone')
  expect((await profileWith(phone.access)).status).toBe(200)
  const [{ id }] = (await ada.get('/api/sessions/')).body

  expect((await ada.delete(`/api/sessions/${id}/`)).status).toBe(204)

  expect((await profileWith(phone.access)).status).toBe(401)
  expect((await anonymous.post('/api/token/refresh/', { refresh: phone.refresh })).status).toBe(401)
  expect((await ada.get('/api/sessions/')).body).toHaveLength(1)
  expect(await ada.delete(`/api/sessions/${id}/`)).toMatchObject({
    status: 404,
    body: { detail: 'No Session matches the given query.' },
  })
})

test("another's session cannot be ended, and what is no session neither", async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const [{ id }] = (await bob.get('/api/sessions/')).body

  expect((await ada.delete(`/api/sessions/${id}/`)).status).toBe(404)
  expect((await ada.delete('/api/sessions/x/')).status).toBe(404)
  expect((await bob.get('/api/profile/')).status).toBe(200)
})

test('all other sessions are ended, this one goes on', async () => {
  const ada = await server.person('ada')
  const others = [await logIn(ada.username, 'phone'), await logIn(ada.username, 'tablet')]

  expect((await ada.delete('/api/sessions/')).status).toBe(204)

  for (const other of others) expect((await profileWith(other.access)).status).toBe(401)
  expect((await ada.get('/api/sessions/')).body).toMatchObject([{ is_current: true }])
})

test('whoever listens hears which sessions ended', async () => {
  const ada = await server.person('ada')
  await logIn(ada.username, 'phone')
  const [phone] = (await ada.get('/api/sessions/')).body
  const ended: number[] = []
  server.core.services.authenticator.onSessionEnded((ids) => ended.push(...ids))

  await ada.delete('/api/sessions/')

  expect([...new Set(ended)]).toEqual([phone.id])
})

test('a session that another server ended stops here at its notice, and without one within five seconds', async () => {
  const ada = await server.person('ada')
  const [told, untold] = [await logIn(ada.username, 'told'), await logIn(ada.username, 'untold')]
  for (const tokens of [told, untold]) expect((await profileWith(tokens.access)).status).toBe(200)
  const [{ id: untoldId }, { id: toldId }] = (await ada.get('/api/sessions/')).body
  await server.database.pool.query('UPDATE sessions SET revoked_at = now() WHERE id IN ($1, $2)', [toldId, untoldId])

  server.core.services.realtime.notify('session.ended', { sessionIds: [toldId] })
  expect((await profileWith(told.access)).status).toBe(401)

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 })
  onTestFinished(() => void vi.useRealTimers())
  expect((await profileWith(untold.access)).status).toBe(401)
})

test('what is fresh asks the database nothing, and what is not asks once for all who come together', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  // With a pool of its own: what others ask meanwhile is not counted.
  const database = openDatabase(server.database.url, { poolSize: 8 })
  onTestFinished(() => database.close())
  const authenticator = new SessionAuthenticator({ ...server.core, database })
  let queries = 0
  database.pool.on('acquire', () => queries++)

  const tokens = [ada.token ?? '', bob.token ?? '']
  const actors = await Promise.all(
    Array.from({ length: 32 }, (_, index) => authenticator.authenticate(tokens[index % 2] ?? '')),
  )
  const again = authenticator.authenticate(tokens[0] ?? '')

  expect(actors.map((actor) => actor.id)).toEqual(actors.map((_, index) => [ada.id, bob.id][index % 2]))
  expect(again).toBe(actors[0])
  expect(queries).toBeLessThanOrEqual(2)
})

test('the last use of a session is written down, at most once a minute', async () => {
  const ada = await server.person('ada')
  const lastUse = async () => (await ada.get('/api/sessions/')).body[0].last_used_at
  const justNow = await lastUse()
  const { pool } = server.database
  await pool.query("UPDATE sessions SET last_used_at = '2020-01-01' WHERE user_id = $1", [ada.id])

  const authenticator = new SessionAuthenticator(server.core)
  await authenticator.authenticate(ada.token ?? '')
  await expect.poll(lastUse).not.toContain('2020')
  const written = await lastUse()
  await new SessionAuthenticator(server.core).authenticate(ada.token ?? '')

  expect(written >= justNow).toBe(true)
  expect(await lastUse()).toBe(written)
})

test('expired sessions are deleted, others stay', async () => {
  const ada = await server.person('ada')
  await logIn(ada.username, 'forgotten')
  const { pool } = server.database
  await pool.query(
    "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1 AND user_agent = 'forgotten'",
    [ada.id],
  )

  expect(await server.core.services.sessionCleaner.clean()).toBe(1)

  const { rows } = await pool.query('SELECT FROM sessions WHERE user_id = $1', [ada.id])
  expect(rows).toHaveLength(1)
})
