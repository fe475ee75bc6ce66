import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { DataDirInUse, findRunningPostgres, startEmbeddedPostgres } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { errorCode, reasonOf, StartError } from '../lib/start-error.ts'

/** A Postgres to connect to. */
export type Store = {
  readonly url: string
  /** What the operator should know about where the data is. */
  readonly notice?: string
  /** Asks it to stop without waiting, for a process about to end. */
  abandon(): void
  /** Stops it, if this process started it. */
  stop(): Promise<void>
}

/**
 * The database of the configuration, for this process to own: `DATABASE_URL`, or the embedded one, started.
 *
 * @throws StartError when another process runs the embedded one, or it cannot be started
 */
export async function openStore(config: Config, log: Logger, holder: string): Promise<Store> {
  if (config.databaseUrl !== undefined) return external(config.databaseUrl)
  return startEmbeddedPostgres({ dataDir: config.dataDir, log, holder })
}

/** The same for a short task, which may also share the embedded Postgres of a running server. */
export async function borrowStore(config: Config, log: Logger, holder: string): Promise<Store> {
  try {
    return await openStore(config, log, holder)
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error
    return external(await findRunningPostgres({ dataDir: config.dataDir }))
  }
}

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
    await requireVersion(database)
    return { database, applied: await migrate(database.kysely) }
  } catch (error) {
    await database.close()
    if (error instanceof StartError) throw error
    log.debug({ err: error }, 'the database could not be opened')
    throw new StartError(`The database cannot be used: ${reasonOf(error) || errorCode(error)}`, { cause: error })
  }
}

function external(url: string): Store {
  return { url, abandon() {}, stop: async () => {} }
}

const oldestVersion = 15

async function requireVersion(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  )
  const major = Math.floor(Number(rows[0]?.version) / 10_000)
  if (major < oldestVersion) {
    throw new StartError(`The database is Postgres ${major}, and Confab needs ${oldestVersion} or newer`)
  }
}
