import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RedisLink } from '@confab/server/lib/redis'
import { parseRedisUrl } from '@confab/server/lib/redis-url'
import { freePort } from '@confab/testkit/free-port'
import { pino } from 'pino'

const ANSWER_MS = 5_000

/** A Redis to use, and how to end it if it was started here. */
export type ClusterRedis = Readonly<{ url: string; stop(): Promise<void> }>

/**
 * The Redis of `REDIS_URL`, or one of its own from the `redis-server` on the PATH, which keeps nothing on disk.
 *
 * @throws Error where there is neither
 */
export async function openRedis(url: string | undefined): Promise<ClusterRedis> {
  if (url) return { url, stop: async () => {} }
  const folder = await mkdtemp(path.join(tmpdir(), 'confab-redis-'))
  const port = await freePort()
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no']
  // In a group of its own, so that Ctrl-C reaches the servers first.
  const child = spawn('redis-server', flags, { stdio: 'ignore', detached: true })
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  const failed = once(child, 'error').then(([error]) => Promise.reject(error))
  try {
    await Promise.race([answering(`redis://127.0.0.1:${port}`), failed])
  } catch (error) {
    await stop()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`redis-server cannot be started (${reason}): install it, or set REDIS_URL`)
  }
  return { url: `redis://127.0.0.1:${port}`, stop }
}

async function answering(url: string): Promise<void> {
  const target = parseRedisUrl(url)
  if (!target) throw new Error(`${url} is no Redis URL`)
  const link = new RedisLink(target, { name: 'cluster', log: pino({ level: 'silent' }) })
  const isUp = await link.connected(ANSWER_MS)
  link.close()
  if (!isUp) throw new Error('it does not answer')
}
