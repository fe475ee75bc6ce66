import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { afterAll } from 'vitest'

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

/**
 * Starts a Redis; it is stopped after the file's tests.
 *
 * @param flags further arguments of redis-server
 * @param file a configuration file, which it may write to
 */
export async function startTestRedis(flags: readonly string[] = [], file?: string): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'confab-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: async (signal = 'SIGTERM') => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGCONT')
      child.kill(signal)
      await closed
    },
    start: async () => {
      const quiet = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning']
      const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder]
      const first = file === undefined ? [] : [file]
      child = spawn('redis-server', [...first, ...where, ...quiet, ...flags], { stdio: 'ignore' })
      await answering(port)
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
  await redis.start()
  afterAll(async () => {
    await redis.stop('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  return redis
}

/** Resolves when a Redis answers on the port. */
async function answering(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 10, maxRetriesPerRequest: null })
  client.on('error', () => {})
  await client.ping()
  client.disconnect()
}

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('a server without an address')
  return address.port
}
