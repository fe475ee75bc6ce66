import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '@confab/testkit/free-port'
import { atTheEnd, end, startProgram } from './children.ts'

/** A Redis that the run started. */
export type OwnRedis = Readonly<{ url: string; pid: number; stop(): Promise<void> }>

/** Whether there is a Redis to start. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

/** Starts the `redis-server` of the PATH on a free port of the loopback; it keeps nothing on disk. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'confab-bench-redis-'))
  atTheEnd(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no']
  const child = startProgram('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] })
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  child.stdout?.on('data', (text) => {
    said += text
    if (/ready to accept connections/i.test(said)) resolve()
  })
  child.once('exit', () => reject(new Error(`redis-server did not start: ${said}`)))
  await ready
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => end(child) }
}
