import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { makeLogger } from '../lib/logger.ts'
import { StartError } from '../lib/start-error.ts'
import { openMigrated, requireVersion } from './open-migrated.ts'

const server = await startTestServer()
const log = makeLogger('silent')
const store = { url: server.database.url, abandon: () => {}, stop: async () => {} }

/** What the operator is told. */
const refusal = async (open: () => unknown) => {
  const error = await Promise.resolve()
    .then(open)
    .catch((reason: unknown) => reason)
  return error instanceof StartError ? error.message : error
}

test.each([
  [90_624, 'The database is Postgres 9, and Confab needs 15 or newer'],
  [140_022, 'The database is Postgres 14, and Confab needs 15 or newer'],
  [150_000, undefined],
  [180_004, undefined],
])('a Postgres of version %i is refused if it is too old, in a line that says so', async (version, line) => {
  expect(await refusal(() => requireVersion(version))).toBe(line)
})

test('a database of a newer Confab is refused in one line, and left as it is', async () => {
  const { pool } = server.database
  await pool.query("INSERT INTO migrations (name) VALUES ('9999-of-tomorrow.sql')")
  const names = async () => (await pool.query('SELECT name, applied_at FROM migrations ORDER BY name')).rows
  const before = await names()

  expect(await refusal(() => openMigrated(store, { poolSize: 1, log }))).toBe(
    'The database cannot be used: The database was migrated by a newer version of Confab (it has 9999-of-tomorrow.sql).',
  )
  expect(await names()).toEqual(before)
})

test('a database of this Confab is opened, with nothing to be done', async () => {
  await server.database.pool.query("DELETE FROM migrations WHERE name LIKE '9999-%'")

  const { database, applied } = await openMigrated(store, { poolSize: 1, log })

  expect(applied).toEqual([])
  await database.close()
})
