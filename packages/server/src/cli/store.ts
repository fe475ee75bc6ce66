import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { DataDirInUse, findRunningPostgres, startEmbeddedPostgres } from '../db/embedded.ts'

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

function external(url: string): Store {
  return { url, abandon() {}, stop: async () => {} }
}
