import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@confab/testkit/free-port'
import { atTheEnd, startProgram } from '../../bench/children.ts'
import type { Trace } from '../trace.ts'
import { type Address, LOOPBACK, onLoopback, toText } from './address.ts'
import { beforeTheEnd } from './end.ts'
import type { Network } from './network.ts'
import { pause, until } from './waiting.ts'
import { Wire } from './wire.ts'

/** The program that operators run, and the same with a hub that loses events. */
const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/confab.js', import.meta.url))
const BROKEN = fileURLToPath(new URL('../broken-server.ts', import.meta.url))

/** What `npm start` gives Node, and what tells how much a server holds. */
const NODE_OPTIONS = ['--max-semi-space-size=16', '--import', new URL('heap.js', import.meta.url).href]

/** A server that cannot start yet, because its database is away, is tried again this often, as a supervisor would. */
const RESTART_MS = 300

/** How long a server may take to be ready, of which its database may be away for the most part; and to stop when asked. */
const READY_MS = 180_000
const STOP_MS = 30_000

/** How long it may take to collect its garbage and tell how much is left. */
const HEAP_MS = 30_000

const MEGABYTE = 1_048_576

/** What a server needs to know of the others. */
export type NodeOptions = Readonly<{
  name: string
  folder: string
  databaseUrl(address: Address): string
  databasePort: number
  redisPort: number | undefined
  /** Where it runs, if not in the network of this machine. */
  network: Network | undefined
  environment: Readonly<Record<string, string>>
  isBroken: boolean
  trace: Trace
}>

/** One server: a real process with an address that stays the same, reaching Postgres and Redis through proxies of its own. */
export class ServerNode {
  readonly name: string
  readonly address: Address
  readonly toPostgres: Wire
  readonly toRedis: Wire | undefined
  readonly #options: NodeOptions
  #child: ChildProcess | undefined
  /** Whether it is meant to run: one that ends meanwhile is started again. */
  #isWanted = false
  #isReady = false

  private constructor(options: NodeOptions, address: Address, links: { toPostgres: Wire; toRedis: Wire | undefined }) {
    this.#options = options
    this.name = options.name
    this.address = address
    this.toPostgres = links.toPostgres
    this.toRedis = links.toRedis
    beforeTheEnd(() => {
      this.#isWanted = false
      this.thaw()
    })
  }

  static async make(options: NodeOptions): Promise<ServerNode> {
    await mkdir(options.folder, { recursive: true })
    const { network, databasePort, redisPort } = options
    const open = async (way: 'postgres' | 'redis', port: number) => {
      const wire = await Wire.open(onLoopback(port), { host: network?.hostOf(way) ?? LOOPBACK })
      atTheEnd(() => wire.close())
      return wire
    }
    const toPostgres = await open('postgres', databasePort)
    const toRedis = redisPort === undefined ? undefined : await open('redis', redisPort)
    const address = { host: network?.host ?? LOOPBACK, port: await freePort() }
    return new ServerNode(options, address, { toPostgres, toRedis })
  }

  /** Its own network, if it has one. */
  get network(): Network | undefined {
    return this.#options.network
  }

  get logFile(): string {
    return path.join(this.#options.folder, 'log')
  }

  /** Starts it and waits until it is ready, however often it has to be tried. */
  async start(): Promise<void> {
    this.#isWanted = true
    this.#spawn()
    if (!(await this.becomesReady(READY_MS))) {
      this.#options.trace.violation(`${this.name} was not ready within ${READY_MS / 1000} s`)
    }
  }

  /** Waits until it says that it is ready. @returns whether it did within the time */
  becomesReady(withinMs: number): Promise<boolean> {
    return until(() => this.#answers('/readyz'), withinMs)
  }

  /** Whether its bus reaches the others. */
  async isConnected(): Promise<boolean> {
    return (await this.#fetch('/readyz'))?.includes('"bus":"up"') ?? false
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    const killer = setTimeout(() => {
      this.#options.trace.violation(`${this.name} did not stop within ${STOP_MS / 1000} s of SIGTERM`)
      this.#child?.kill('SIGKILL')
    }, STOP_MS)
    await this.#end('SIGTERM')
    clearTimeout(killer)
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /**
   * What it still holds after it has collected its garbage, on the heap and in buffers outside of it, in megabytes.
   *
   * @throws Error where it does not tell
   */
  async heapMb(): Promise<number> {
    const child = this.#child
    if (!child?.connected) throw new Error(`${this.name} does not run`)
    const answer = once(child, 'message', { signal: AbortSignal.timeout(HEAP_MS) })
    child.send('how much?')
    const [bytes]: unknown[] = await answer
    if (typeof bytes !== 'number') throw new Error(`${this.name} did not tell how much it holds`)
    return Math.round(bytes / MEGABYTE)
  }

  /** What the system has given it, in megabytes. */
  async residentMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#child?.pid}/status`, 'utf8').catch(() => '')
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }

  /** The last lines that it logged. */
  async lastWords(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '')
    return text.trim().split('\n').slice(-8).join('\n')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#isWanted = false
    this.#isReady = false
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill(signal)
    await exited
  }

  #spawn(): void {
    const { environment, isBroken, folder, databaseUrl, name, network } = this.#options
    const output = openSync(this.logFile, 'a')
    const { PATH = '' } = process.env
    const args = [...NODE_OPTIONS, isBroken ? BROKEN : PROGRAM, 'serve']
    const [command, all] = network?.enter(process.execPath, args) ?? [process.execPath, args]
    this.#child = startProgram(command, all, {
      cwd: folder,
      env: {
        PATH,
        HOST: this.address.host,
        PORT: String(this.address.port),
        DATA_DIR: path.join(folder, 'data'),
        DATABASE_URL: databaseUrl(this.toPostgres.address),
        ...(this.toRedis ? { REDIS_URL: `redis://${toText(this.toRedis.address)}` } : {}),
        NODE_ID: name,
        ...environment,
      },
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    this.#isReady = false
    this.#child.once('exit', (code, signal) => void this.#onExit(code ?? signal))
  }

  async #onExit(how: number | string | null): Promise<void> {
    if (!this.#isWanted) return
    // A server that was ready never ends by itself, whatever happens around it.
    if (this.#isReady) this.#options.trace.violation(`${this.name} ended by itself (${how}): ${await this.lastWords()}`)
    await pause(RESTART_MS)
    if (this.#isWanted) this.#spawn()
  }

  async #answers(route: string): Promise<boolean> {
    const text = await this.#fetch(route)
    if (text !== undefined) this.#isReady = true
    return text !== undefined
  }

  async #fetch(route: string): Promise<string | undefined> {
    try {
      const response = await fetch(`http://${toText(this.address)}${route}`, { signal: AbortSignal.timeout(2_000) })
      const text = await response.text()
      return response.ok ? text : undefined
    } catch {
      return undefined
    }
  }
}
