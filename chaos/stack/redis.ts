import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { freePort } from '@confab/testkit/free-port'
import { end, startProgram } from '../../bench/children.ts'
import { beforeTheEnd } from './end.ts'
import { until } from './waiting.ts'

const START_MS = 30_000

/** Whether there is a Redis to start. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

/** A Redis of the run's own, which keeps what it holds on disk, so that it can lose it or not. */
export class Redis {
  readonly #folder: string
  readonly port: number
  #child: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
  }

  static async start(folder: string): Promise<Redis> {
    const redis = new Redis(folder, await freePort())
    beforeTheEnd(() => redis.thaw())
    await redis.start()
    return redis
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const where = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#folder]
    const how = ['--save', '', '--appendonly', 'yes', '--loglevel', 'warning']
    this.#child = startProgram('redis-server', [...where, ...how], { stdio: 'ignore' })
    if (!(await until(() => this.#answers(), START_MS))) throw new Error('redis-server does not answer')
  }

  /** Ends it; with `isForgetting` the next start finds nothing of what it held. */
  async stop(isForgetting: boolean): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    if (isForgetting) {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await rm(this.#folder, { recursive: true, force: true })
    } else await end(child)
  }

  /** Stops it where it is: connections stay open and say nothing. */
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port: this.port })
      const finish = (answer: boolean) => {
        socket.destroy()
        resolve(answer)
      }
      socket.setTimeout(1_000, () => finish(false))
      socket.on('error', () => finish(false))
      socket.on('connect', () => socket.write('PING\r\n'))
      socket.on('data', (data) => finish(data.toString().startsWith('+PONG')))
    })
  }
}
