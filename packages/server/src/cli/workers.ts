/**
 * Several server processes on one machine, so that it uses more than one core: a primary that serves nobody, and workers
 * that share its port. Without Redis what one worker publishes reaches the others through the primary.
 *
 * On failure: a worker that ends by itself is replaced after a moment; its clients reconnect to the others.
 */
import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { StartError } from '../lib/start-error.ts'
import { WorkerRelay } from '../realtime/worker-relay.ts'

/** A worker that cannot live is not started more often than this. */
const REPLACE_MS = 1_000

/** How a process ends that could not start: with a line on stderr, which workers share with their primary. */
const REFUSED = 1

/** Connections that the embedded Postgres has for servers; an external one of default settings has as many. */
const MOST_CONNECTIONS = 90

/** A worker ended while it was starting, and has said why in the line that this process would else write. */
export class WorkerRefused extends Error {}

/** What a worker needs to know beside the environment of the primary. */
type Options = Readonly<{ config: Config; databaseUrl: string; log: Logger }>

/** The workers of a primary. */
export class Workers {
  readonly #options: Options
  readonly #relay = new WorkerRelay()
  readonly #running = new Map<number, Worker>()
  #isStopping = false

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Starts them: the first alone, so that what keeps one from starting is said once.
   *
   * @returns where they listen
   * @throws WorkerRefused where one ended instead and has said why
   * @throws StartError where one ended without a word
   */
  async start(): Promise<string> {
    const url = await this.#fork(1)
    const others = Array.from({ length: this.#options.config.workers - 1 }, (_, index) => this.#fork(index + 2))
    await Promise.all(others)
    return url
  }

  /** Tells them to stop, and ends those that have not within the time. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true
    const ended = [...this.#running.values()].map(
      (worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())),
    )
    for (const worker of this.#running.values()) worker.process.kill('SIGTERM')
    const timer = setTimeout(() => this.abandon(), withinMs)
    await Promise.all(ended)
    clearTimeout(timer)
  }

  /** Ends them at once. */
  abandon(): void {
    this.#isStopping = true
    for (const worker of this.#running.values()) worker.process.kill('SIGKILL')
  }

  async #fork(number: number): Promise<string> {
    const { config, databaseUrl, log } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const worker = cluster.fork({
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: String(Math.max(1, Math.min(config.databasePool, Math.floor(MOST_CONNECTIONS / config.workers)))),
      ...(config.nodeId ? { NODE_ID: `${config.nodeId}-${number}` } : {}),
      ...(config.metricsPort ? { METRICS_PORT: String(config.metricsPort + number - 1) } : {}),
    })
    this.#running.set(number, worker)
    this.#relay.add(worker)
    worker.on('message', (message: unknown) => {
      const url = urlOfReady(message)
      if (url) resolve(url)
    })
    worker.once('exit', (code, signal) => {
      this.#running.delete(number)
      reject(describeEnd(signal ?? code))
    })
    worker.on('error', (error) => {
      log.error({ err: error, worker: number }, 'a worker failed')
      if (worker.process.pid !== undefined) return
      // One that the system has no room for never begins, and so never ends either.
      this.#running.delete(number)
      reject(new StartError(`A worker could not be started: ${error.message}`))
    })
    // From now on it is replaced when it ends.
    promise.then(
      () => worker.once('exit', (code, signal) => this.#replace(number, signal ?? code)),
      () => {},
    )
    log.debug({ worker: number, pid: worker.process.pid }, 'a worker begins')
    return promise
  }

  #replace(number: number, how: string | number): void {
    if (this.#isStopping) return
    const { log } = this.#options
    log.error({ worker: number, how }, 'a worker ended and is replaced')
    setTimeout(() => {
      if (this.#isStopping) return
      this.#fork(number).catch(() => this.#replace(number, 'start'))
    }, REPLACE_MS)
  }
}

function describeEnd(how: string | number): Error {
  const text = `A worker ended while it was starting (${how})`
  return how === REFUSED ? new WorkerRefused(text) : new StartError(text)
}

/** What a worker tells its primary when it is listening. */
export const readyMessage = (url: string) => ({ confab: 'ready', url })

function urlOfReady(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('confab' in message) || message.confab !== 'ready') return
  return 'url' in message && typeof message.url === 'string' ? message.url : undefined
}
