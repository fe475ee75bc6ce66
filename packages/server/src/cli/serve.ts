import cluster from 'node:cluster'
import type { Command } from 'commander'
import type { Logger } from 'pino'
import { type Config, loadConfig, showConfig } from '../config.ts'
import { isWebAppBuilt, webFolder } from '../http/web-folder.ts'
import { makeLogger } from '../lib/logger.ts'
import { errorCode, StartError } from '../lib/start-error.ts'
import { openStdout } from '../lib/stdout.ts'
import { WorkerCarrier } from '../realtime/worker-carrier.ts'
import { loadSecretKey } from '../secret-key.ts'
import { describeFailure, reporting } from './report.ts'
import { waitForStop } from './stop-signal.ts'
import { openStore, type Store } from './store.ts'
import { readyMessage, WorkerRefused, Workers } from './workers.ts'

/** `confab serve`, which is also what `confab` alone does. */
export function registerServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('start the server')
    .option('--workers <number>', 'server processes on this machine; one uses one core (default: WORKERS)')
    .action(reporting(({ workers }: { workers?: string }) => serve(workers)))
}

/** Once the server is closed only a statement it gave up on can hold a connection. */
const poolGraceSeconds = 2

/** Undoes one step of the start. */
type Undo = () => Promise<void>

/**
 * Runs the server until a signal stops it. What was started is stopped in reverse order, also when a later step
 * failed: first requests and sockets, bounded by the grace period, then Postgres.
 */
async function serve(workers?: string): Promise<void> {
  const config = loadConfig({ ...process.env, ...(workers ? { WORKERS: workers } : {}) }, { envFile: '.env' })
  const log = makeLogger(config.logLevel)
  let abandon = () => {}
  const stopped = waitForStop({
    onSecond() {
      abandon()
      process.exit(1)
    },
    onCrash: (error) => log.fatal({ err: error }, 'an error that nobody handled; stopping'),
  })
  const undo: Undo[] = []
  try {
    const begin = config.workers > 1 && cluster.isPrimary ? startWorkers : start
    await begin({
      config,
      log,
      undo,
      onAbandon: (more) => {
        const before = abandon
        abandon = () => {
          more()
          before()
        }
      },
    })
    const { exitCode } = await stopped
    log.info('stopping')
    process.exitCode = exitCode
  } catch (error) {
    if (!(error instanceof WorkerRefused)) process.stderr.write(`${describeFailure(error)}\n`)
    process.exitCode = 1
  }
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => log.error({ err: error }, 'a part did not stop cleanly'))
  }
  // Whatever is still pending was given its time.
  process.exit()
}

/** What a start leaves behind: how to stop what it began, and how to let go of it where there is no time for that. */
type Starting = Readonly<{ config: Config; log: Logger; undo: Undo[]; onAbandon: (abandon: () => void) => void }>

/** The database, for this process to own until it stops. */
async function openOwnStore({ config, log, undo, onAbandon }: Starting): Promise<Store> {
  const store = await openStore(config, log, 'serve')
  onAbandon(() => store.abandon())
  undo.push(() => store.stop())
  return store
}

/** The primary of several workers: it owns the database, brings it up to date, and serves nobody itself. */
async function startWorkers(starting: Starting): Promise<void> {
  const { config, log, undo, onAbandon } = starting
  const loading = import('./open-migrated.ts')
  loading.catch(() => {})
  const store = await openOwnStore(starting)
  await loadSecretKey(config)
  const { openMigrated } = await loading
  const { database } = await openMigrated(store, { poolSize: 1, log })
  await database.close()
  const workers = new Workers({ config, databaseUrl: store.url, log })
  onAbandon(() => workers.abandon())
  undo.push(() => workers.stop((config.shutdownGraceSeconds + poolGraceSeconds + 1) * 1_000))
  openStdout().write(banner(config, await workers.start(), store.notice))
}

async function start(starting: Starting): Promise<void> {
  const { config, log, undo } = starting
  const startedAt = performance.now()
  // Loading the server's code takes as long as starting Postgres: both at once.
  const loading = Promise.all([import('../app.ts'), import('./open-migrated.ts')])
  loading.catch(() => {})
  const store = await openOwnStore(starting)
  const secretKey = await loadSecretKey(config)
  const [{ startServer }, { openMigrated }] = await loading
  const { database } = await openMigrated(store, { poolSize: config.databasePool, log })
  undo.push(() => within(poolGraceSeconds, database.close()))
  const carrier = cluster.isWorker ? new WorkerCarrier(process) : undefined
  const server = await startServer({ config, secretKey, database, log, carrier }).catch((error: unknown) => {
    throw describeListenError(error, config)
  })
  undo.push(() => within(config.shutdownGraceSeconds, server.close()))
  if (cluster.isWorker) process.send?.(readyMessage(server.url))
  else openStdout().write(banner(config, server.url, store.notice))
  log.debug(
    { ms: Math.round(performance.now() - startedAt), sinceProcessStart: Math.round(performance.now()) },
    'ready',
  )
}

function describeListenError(error: unknown, { host, port }: Config): unknown {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `The port ${port} of ${host} is in use: stop what uses it, or choose another PORT`,
    EACCES: `The port ${port} of ${host} may not be used by this user: choose a PORT above 1023`,
    EADDRNOTAVAIL: `The HOST ${host} is no address of this machine: choose 127.0.0.1, 0.0.0.0 or one of its own`,
    ENOTFOUND: `The HOST ${host} cannot be resolved: choose an address of this machine`,
  }
  const reason = reasons[errorCode(error) ?? '']
  return reason ? new StartError(reason, { cause: error }) : error
}

/** Waits for the work, but no longer than `seconds`. */
async function within(seconds: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, seconds * 1_000)
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function describeWebApp(config: Config, url: string): string[] {
  const folder = webFolder(config)
  if (folder === undefined) return []
  return [`  web app    ${isWebAppBuilt(folder) ? `${url}/` : 'not built yet: npm run build'}`]
}

function banner(config: Config, url: string, notice: string | undefined): string {
  const database = showConfig(config).find(({ name }) => name === 'DATABASE_URL')?.value
  const lines = [
    'Confab is ready.',
    `  address    ${url}`,
    ...describeWebApp(config, url),
    `  API docs   ${url}/api/schema/swagger-ui/`,
    `  data       ${config.dataDir}`,
    ...(database ? [`  database   ${database}`] : []),
    ...(notice ? [`             ${notice}`] : []),
    // Not a line of the log, whose level may hide it.
    ...(config.rateLimitFactor === 0 ? ['  limits     none: RATE_LIMIT_FACTOR is 0'] : []),
    '  admin      npm run confab -- create-admin',
  ]
  return `${lines.join('\n')}\n`
}
