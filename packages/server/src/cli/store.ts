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

/**
 * Does a short task with the database, which may also be the embedded Postgres of a running server. One that had to be
 * started for the task is stopped after it, also when a signal cuts the task short.
 */
export async function withStore(config: Config, log: Logger, task: { name: string; run(store: Store): Promise<void> }) {
  const store = await borrowStore(config, log, task.name)
  const onSignal = () => {
    store.abandon()
    process.exit(130)
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    await task.run(store)
  } finally {
    await store.stop()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function borrowStore(config: Config, log: Logger, holder: string): Promise<Store> {
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
