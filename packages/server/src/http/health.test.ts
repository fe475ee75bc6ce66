import { takeDatabaseAway } from '@confab/testkit/database-away'
import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'

test('a server is not ready while its database is away, says so, and is alive all the same', async () => {
  const server = await startTestServer()
  expect(await server.anonymous.get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ready', database: 'up', bus: 'up' },
  })

  const { bringBack } = await takeDatabaseAway(server)
  expect(await server.anonymous.get('/readyz')).toMatchObject({
    status: 503,
    body: { status: 'not ready', database: 'down', bus: 'up' },
  })
  expect(await server.anonymous.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })

  await bringBack()
  await expect.poll(async () => (await server.anonymous.get('/readyz')).status).toBe(200)
})
