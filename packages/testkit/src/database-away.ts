import { openDatabase } from '@confab/server/db/open'
import { inject, onTestFinished } from 'vitest'
import type { TestDatabase } from './database.ts'

/**
 * Takes the database of a server away, as when Postgres is stopped: no connection of it is left, and no new one is let in.
 * To be called in a test, at whose end it is back.
 */
export async function takeDatabaseAway({
  database,
}: {
  database: TestDatabase
}): Promise<{ bringBack(): Promise<void> }> {
  const name = new URL(database.url).pathname.slice(1)
  const admin = openDatabase(inject('postgresUrl'), { poolSize: 1 })
  onTestFinished(() => admin.close())
  const bringBack = async () => {
    await admin.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  }
  onTestFinished(bringBack)
  await admin.pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await admin.pool.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name])
  return { bringBack }
}
