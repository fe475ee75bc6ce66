import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { afterAll } from 'vitest'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** How long a Redis may take until it answers. */
const START_MS = 30_000

/** So many ports are tried, where others were faster to take them. */
const MAX_PORTS = 5

/** A Redis of a test's own, on the loopback address, which keeps nothing on disk. */
export type TestRedis = {
  readonly url: string
  readonly port: number
  /** Ends it; what it held is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it on the same port, empty. */
  start(): Promise<void>
  /** Stops and continues it where it is: its connections stay open and say nothing. */
  freeze(): void
  thaw(): void
}

/** Why tests that need Redis cannot run here, or undefined where they can. */
export function missingRedis(): string | undefined {
  if (spawnSync('redis-server', ['--version']).status === 0) return undefined
  const what = 'redis-server is not installed'
  if (process.env.CI) throw new Error(`${what}, and in CI no test may be skipped`)
  process.stderr.write(`${what}: the tests that need it are skipped (on Debian: apt-get install redis-server)\n`)
  return what
}

/** What a Redis is to be, beside one by itself. */
export type TestRedisOptions = {
  /** Further arguments of redis-server. */
  flags?: readonly string[]
  /** A configuration file, which it may write to. */
  file?: string
  /** Whether it is to be part of a cluster, for which it needs another port. */
  isClustered?: boolean
}

/**
 * Starts a Redis; it is stopped after the file's tests.
 *
 * @throws Error where it ends before it answers, or does not answer in time
 */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const folder = await temporaryFolder('confab-redis-')
  const { flags = [], file, isClustered = false } = options
  const first = file === undefined ? [] : [file]
  const quiet = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning']
  const spawnAt = async (port: number, busPort: number) => {
    const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder]
    const bus = isClustered ? ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)] : []
    const started = spawn('redis-server', [...first, ...where, ...bus, ...quiet, ...flags], { stdio: 'ignore' })
    await answering(started, port)
    return started
  }
  const {
    port,
    busPort,
    child: started,
  } = await onFreePorts(spawnAt).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  let child = started
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGCONT')
      child.kill(signal)
      await closed
    },
    start: async () => {
      child = await spawnAt(port, busPort)
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
  afterAll(async () => {
    await redis.stop('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  return redis
}

/** Other files of tests take ports, too: between finding one and listening on it somebody may have been faster. */
async function onFreePorts(spawnAt: (port: number, busPort: number) => Promise<ChildProcess>) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const busPort = await freePort()
    try {
      return { port, busPort, child: await spawnAt(port, busPort) }
    } catch (error) {
      if (!(error instanceof RedisEnded) || attempt === MAX_PORTS) throw error
    }
  }
}

/** A redis-server that ended before it answered, as it does where its port is taken. */
class RedisEnded extends Error {}

/**
 * Resolves when this very Redis answers on the port, and not another that has it.
 *
 * @throws RedisEnded; Error where it takes too long, and is ended then
 */
async function answering(child: ChildProcess, port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 10, maxRetriesPerRequest: null })
  client.on('error', () => {})
  const failed = Promise.withResolvers<never>()
  const onExit = () => failed.reject(new RedisEnded(`redis-server ended before it answered on port ${port}`))
  child.once('exit', onExit)
  child.once('error', failed.reject)
  const timer = setTimeout(() => failed.reject(new Error(`no Redis answers on port ${port}`)), START_MS)
  try {
    await Promise.race([untilItself(client, child), failed.promise])
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(timer)
    child.off('exit', onExit)
    client.disconnect()
  }
}

/** Where another Redis has the port, the child is about to end. */
async function untilItself(client: Redis, child: ChildProcess): Promise<void> {
  try {
    const info = await client.info('server')
    if (!new RegExp(`^process_id:${child.pid}\\r?$`, 'm').test(info)) await new Promise(() => {})
  } catch {
    // The client was ended, since the child failed; that is what is thrown.
  }
}
