import { openDatabase } from '@confab/server/db/open'
import { startTestServer, type TestServer } from '@confab/testkit/server'
import { expect, inject, onTestFinished, test } from 'vitest'

/** Takes the database of a server away, as when Postgres is stopped: no connection of it is left, and no new one is let in. */
async function takeAway({ database }: TestServer): Promise<{ bringBack(): Promise<void> }> {
  const name = new URL(database.url).pathname.slice(1)
  const admin = openDatabase(inject('postgresUrl'), { poolSize: 1 })
  onTestFinished(() => admin.close())
  await admin.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await admin.pool.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name])
  return {
    async bringBack() {
      await admin.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    },
  }
}

test('a server is not ready while its database is away, says so, and is alive all the same', async () => {
  const server = await startTestServer()
  expect(await server.anonymous.get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ready', database: 'up', bus: 'up' },
  })

  const { bringBack } = await takeAway(server)
  expect(await server.anonymous.get('/readyz')).toMatchObject({
    status: 503,
    body: { status: 'not ready', database: 'down', bus: 'up' },
  })
  expect(await server.anonymous.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })

  await bringBack()
  await expect.poll(async () => (await server.anonymous.get('/readyz')).status).toBe(200)
})
