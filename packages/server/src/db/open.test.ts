import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Database, openDatabase } from './open.ts'

const server = await startTestServer()

const countConnections = async (application: string) => {
  const text = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1'
  return (await server.database.pool.query(text, [application])).rows.length
}

test.each([
  ['the pool alone', 'asked_pool', (database: Database, text: string) => database.pool.query(text)],
  ['typed queries', 'asked_kysely', (database: Database, text: string) => sql.raw(text).execute(database.kysely)],
])('a database that was asked by %s is let go of when it is closed', async (_by, name, ask) => {
  const database = openDatabase(server.database.url, { poolSize: 2 })
  await ask(database, `SET application_name = '${name}'`)
  expect(await countConnections(name)).toBe(1)

  await database.close()

  await expect.poll(() => countConnections(name)).toBe(0)
})

test('a transaction that says nothing any more is ended, and its locks are free', async () => {
  const silent = openDatabase(server.database.url, { poolSize: 1, statementTimeoutMs: 2_000 })
  const client = await silent.pool.connect()
  const isLost = new Promise((resolve) => client.once('error', resolve))
  await client.query('BEGIN; LOCK TABLE rooms IN ACCESS EXCLUSIVE MODE')

  expect((await server.database.pool.query('SELECT count(*) FROM rooms')).rows).toHaveLength(1)
  await expect(isLost).resolves.toMatchObject({ message: expect.stringContaining('idle-in-transaction timeout') })

  client.release(true)
  await silent.close()
})
