import type { Logger } from 'pino'
import { migrate } from '../db/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { errorCode, reasonOf, StartError } from '../lib/start-error.ts'
import type { Store } from './store.ts'

/**
 * A pool on the store, its schema up to date.
 *
 * @returns the pool and the names of the migrations that were applied
 * @throws StartError when the store cannot be reached, is too old, or was made by a newer Confab
 */
export async function openMigrated(
  store: Store,
  options: { poolSize: number; log: Logger },
): Promise<{ database: Database; applied: string[] }> {
  const { poolSize, log } = options
  const onError = (error: Error) => log.warn({ err: error }, 'a connection to the database broke')
  const database = openDatabase(store.url, { poolSize, onError })
  try {
    requireVersion(await readVersion(database))
    return { database, applied: await migrate(database.kysely) }
  } catch (error) {
    await database.close()
    if (error instanceof StartError) throw error
    log.debug({ err: error }, 'the database could not be opened')
    throw new StartError(`The database cannot be used: ${reasonOf(error) || errorCode(error)}`, { cause: error })
  }
}

const oldestVersion = 15

async function readVersion(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  )
  return Number(rows[0]?.version)
}

/**
 * Refuses a Postgres that lacks what the schema uses.
 *
 * @param version as Postgres counts it: 150004 is 15.4
 * @throws StartError
 */
export function requireVersion(version: number): void {
  const major = Math.floor(version / 10_000)
  if (major < oldestVersion) {
    throw new StartError(`The database is Postgres ${major}, and Confab needs ${oldestVersion} or newer`)
  }
}
