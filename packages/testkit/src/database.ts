import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '@confab/server/db/open'
import { inject } from 'vitest'
import { databaseUrl, TEMPLATE } from './global-setup.ts'

/** An empty database of its own. */
export type TestDatabase = Database & { url: string; drop(): Promise<void> }

/**
 * Makes a database for a test file, as a copy of the run's template.
 *
 * @param options.isMigrated false for one without any tables
 */
export async function createTestDatabase(options: { isMigrated?: boolean } = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = openDatabase(adminUrl, { poolSize: 1 })
  const { isMigrated = true } = options
  // Block by block through the log, as is usual, takes twice as long.
  const template = isMigrated ? TEMPLATE : 'template0'
  await admin.pool.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
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
