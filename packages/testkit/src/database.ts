import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '@confab/server/db/open'
import { inject } from 'vitest'
import { databaseUrl, TEMPLATE } from './global-setup.ts'

/** An empty, migrated database of its own. */
export type TestDatabase = Database & { url: string; drop(): Promise<void> }

/** Makes a database for a test file, as a copy of the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = openDatabase(adminUrl, { poolSize: 1 })
  await admin.pool.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const url = databaseUrl(adminUrl, name)
  const database = openDatabase(url, { poolSize: 8 })
  return {
    ...database,
    url,
    drop: async () => {
      await database.close()
      await admin.pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.close()
    },
  }
}
