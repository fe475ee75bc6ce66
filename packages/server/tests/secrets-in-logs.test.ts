import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServer } from '@confab/server/app'
import { loadConfig } from '@confab/server/config'
import { Api } from '@confab/testkit/api'
import { createTestDatabase } from '@confab/testkit/database'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'

const lines: string[] = []
const dataDir = await mkdtemp(path.join(tmpdir(), 'confab-logs-'))
const database = await createTestDatabase()
const server = await startServer({
  config: loadConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir }),
  secretKey: randomBytes(32).toString('hex'),
  database,
  log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
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
