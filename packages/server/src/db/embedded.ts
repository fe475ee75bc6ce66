/**
 * The embedded Postgres: real Postgres as a child process, on a cluster that belongs to one data folder.
 *
 * Guarantees: one server at a time per data folder; durable (fsync on); whatever a killed server left is taken over
 * or recovered by the next start; Postgres never runs as root; nothing that could be a cluster is ever deleted.
 * Order: lock the folder, find binaries and place, make the cluster, adopt or start Postgres, make the database.
 * On failure: everything done so far is undone or harmless, and a StartError says in one line what to mend.
 */
import path from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { errorCode } from '../lib/start-error.ts'
import { binariesFor, findBinaries } from './embedded/binaries.ts'
import { ensureCluster, readPassword, roleName } from './embedded/cluster.ts'
import { chooseEndpoint, endpointUrl, releaseEndpoint } from './embedded/endpoint.ts'
import { lockDataDir } from './embedded/lock.ts'
import { adoptPostmaster } from './embedded/orphan.ts'
import { isPostmaster } from './embedded/pid-file.ts'
import { findPlace, type Place, prepareDataDir } from './embedded/place.ts'
import { type Launch, requestShutdown, startPostmaster, stopPostmaster } from './embedded/postmaster.ts'
import { choosePostgresUser } from './embedded/user.ts'

export { DataDirInUse } from './embedded/lock.ts'

/** A running embedded Postgres that this process owns. */
export type EmbeddedPostgres = {
  /** Connects to the one database as its owner; stays valid until `stop`, also when Postgres is restarted. */
  readonly url: string
  /** Where the data is. */
  readonly clusterDir: string
  /** Present when the data lies elsewhere than in the data folder: one line that says where, for the operator. */
  readonly notice?: string
  /** Shuts Postgres down cleanly and gives the data folder free. Calling it again gives the same promise. */
  stop(): Promise<void>
  /** Asks Postgres to shut down and does not wait, for a process that ends this moment. */
  abandon(): void
}

/** What `startEmbeddedPostgres` needs to know. */
export type EmbeddedOptions = {
  readonly dataDir: string
  readonly log: Logger
  /** What this process is doing, told to others that find the folder in use. */
  readonly holder?: string
  /** Where root keeps binaries and clusters for the user that runs Postgres, when that user cannot reach the usual places. */
  readonly stateDir?: string
}

/** How often a Postgres that ended by itself is looked for. */
const watchMs = 1_000

/**
 * Starts the Postgres of a data folder, making the folder, the cluster and the database where they are missing.
 *
 * @throws DataDirInUse when another process runs it; StartError for all else that the operator can mend
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = await prepareDataDir(options.dataDir)
  const lock = lockDataDir(dataDir, options.holder ?? 'serve')
  try {
    const { place, launch } = await prepare({ ...options, dataDir })
    const password = await readPassword(launch.clusterDir)
    const pid = (await adoptPostmaster(launch)) ?? (await startPostmaster(launch))
    await ensureDatabase((database) => endpointUrl(launch.endpoint, password, database), pid, launch)
    const supervisor = supervise(pid, launch)
    let stopping: Promise<void> | undefined
    return {
      url: endpointUrl(launch.endpoint, password, roleName),
      clusterDir: launch.clusterDir,
      ...(place.notice !== undefined && { notice: place.notice }),
      stop() {
        stopping ??= supervisor.stop().finally(() => lock.release())
        return stopping
      },
      abandon: supervisor.abandon,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * The URL of the Postgres that another process runs on this data folder.
 *
 * @throws StartError when it cannot be found or read
 */
export async function findRunningPostgres(options: Omit<EmbeddedOptions, 'log' | 'holder'>): Promise<string> {
  const dataDir = await prepareDataDir(options.dataDir)
  const { place, user } = await locate(dataDir, options.stateDir ?? defaultStateDir)
  const endpoint = await chooseEndpoint(place.clusterDir, user)
  return endpointUrl(endpoint, await readPassword(place.clusterDir), roleName)
}

const defaultStateDir = '/var/lib/confab'

async function locate(dataDir: string, stateDir: string) {
  const anyone = await choosePostgresUser()
  const place = await findPlace(dataDir, anyone, stateDir)
  return { place, user: anyone && (await choosePostgresUser(place.clusterDir)) }
}

async function prepare(options: EmbeddedOptions): Promise<{ place: Place; launch: Launch }> {
  const { dataDir, log, stateDir = defaultStateDir } = options
  const installed = await findBinaries()
  const { place, user } = await locate(dataDir, stateDir)
  const { clusterDir } = place
  const binaries = user ? await binariesFor(user, installed, stateDir) : installed
  if (await ensureCluster(binaries, clusterDir, user)) await place.settle()
  const endpoint = await chooseEndpoint(clusterDir, user)
  return { place, launch: { binaries, clusterDir, user, endpoint, logFile: path.join(dataDir, 'postgres.log'), log } }
}

/** Makes the database when it is missing: at the first start, or when that was cut short. */
async function ensureDatabase(urlOf: (database: string) => string, pid: number, launch: Launch): Promise<void> {
  try {
    await run(urlOf(roleName), 'SELECT 1').catch(async (error: unknown) => {
      const isMissing = errorCode(error) === '3D000'
      if (!isMissing) throw error
      await run(urlOf('postgres'), `CREATE DATABASE ${roleName}`)
    })
  } catch (error) {
    await stopPostmaster(pid, launch)
    throw error
  }
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Keeps Postgres running until stopped: one that ends by itself (killed for memory, say) is started again. */
function supervise(firstPid: number, launch: Launch): { stop(): Promise<void>; abandon(): void } {
  let pid = firstPid
  let restarting: Promise<void> | undefined
  const restart = async () => {
    if (await isPostmaster(pid, launch.clusterDir)) return
    launch.log.error({ postgres: pid }, 'Postgres ended by itself; starting it again')
    pid = (await adoptPostmaster(launch)) ?? (await startPostmaster(launch))
    launch.log.info({ postgres: pid }, 'Postgres runs again')
  }
  const timer = setInterval(() => {
    restarting ??= restart()
      .catch((error: unknown) => launch.log.error({ err: error }, 'Postgres could not be started again'))
      .finally(() => {
        restarting = undefined
      })
  }, watchMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await restarting
      await stopPostmaster(pid, launch)
      await releaseEndpoint(launch.endpoint, launch.clusterDir)
    },
    abandon() {
      clearInterval(timer)
      requestShutdown(pid, 'fast')
    },
  }
}
