import { startTestServer } from '@confab/testkit/server'
import { expect, onTestFinished, test } from 'vitest'
import { listMigrations, MIGRATION_LOCK, migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

const server = await startTestServer()
const { pool } = server.database

test('a server waits for the one that migrates for longer than any query may take', async () => {
  const last = (await listMigrations()).at(-1)
  const migrating = await pool.connect()
  onTestFinished(() => migrating.release(true))
  await migrating.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
  await migrating.query('DELETE FROM migrations WHERE name = $1', [last])
  const other = openDatabase(server.database.url, { poolSize: 1, statementTimeoutMs: 1_000 })

  const applied = migrate(other.kysely)
  const waiting = `
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND now() - query_start > '2 s'`
  await expect.poll(async () => (await pool.query(waiting)).rowCount).toBe(1)
  await migrating.query('INSERT INTO migrations (name) VALUES ($1)', [last])
  await migrating.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK])

  expect(await applied).toEqual([])
  const slow = other.pool.query('SELECT pg_sleep(10)')
  await expect(slow).rejects.toThrow('statement timeout')
  await other.close()
})

/** One that can be applied where it was applied already. */
const REPEATABLE = '0014-tell-members-plans.sql'

test('a migration does not wait for long where a table is in use, changes nothing and says so', async () => {
  const user = await pool.connect()
  onTestFinished(() => user.release(true))
  await pool.query('DELETE FROM migrations WHERE name = $1', [REPEATABLE])
  await user.query('BEGIN')
  await user.query('LOCK TABLE migrations IN EXCLUSIVE MODE')

  const migrating = migrate(server.database.kysely, { lockWaitMs: 300 })

  await expect(migrating).rejects.toThrow(
    `${REPEATABLE} waited 0.3 s for a table that is in use. It has changed nothing`,
  )
  await user.query('ROLLBACK')
  expect(await migrate(server.database.kysely)).toEqual([REPEATABLE])
})

test('what a newer Confab has migrated is not touched, whatever is missing beside that', async () => {
  const [first] = await listMigrations()
  await pool.query('UPDATE migrations SET name = $2 WHERE name = $1', [first, '9999-of-tomorrow.sql'])

  await expect(migrate(server.database.kysely)).rejects.toThrow(
    'by a newer version of Confab (it has 9999-of-tomorrow.sql)',
  )

  const { rows } = await pool.query('SELECT FROM migrations WHERE name = $1', [first])
  expect(rows).toEqual([])
  await pool.query('UPDATE migrations SET name = $1 WHERE name = $2', [first, '9999-of-tomorrow.sql'])
})
