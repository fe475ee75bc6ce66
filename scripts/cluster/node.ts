import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Backend } from './balancer.ts'

const program = fileURLToPath(new URL('../../packages/server/bin/confab.js', import.meta.url))

/** A server that ends by itself is started again after this. */
const AGAIN_MS = 500

/** One server process of the cluster, started again whenever it ends, as a process manager does. */
export class ClusterNode implements Backend {
  readonly name: string
  address: Backend['address']
  isReady = false
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #isStopping = false

  constructor(name: string, env: Readonly<Record<string, string>>) {
    this.name = name
    this.#env = { ...env, NODE_ID: name, PORT: '0', HOST: '127.0.0.1' }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when it listens. What it complains of is passed on. @throws Error where it ends instead */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, 'serve'], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let said = ''
    let isListening = false
    const listening = Promise.withResolvers<void>()
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (isListening) return
      said += text
      const [, host, port] = /address +http:\/\/([^:\s]+):(\d+)/.exec(said) ?? []
      if (host === undefined) return
      isListening = true
      this.address = { host, port: Number(port) }
      listening.resolve()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(`${this.name}: ${text}`)
    })
    child.once('exit', (code, signal) => {
      this.address = undefined
      this.isReady = false
      if (!isListening)
        listening.reject(new Error(`${this.name} ended (${signal ?? code}) before it was ready ${said}`.trim()))
      else if (!this.#isStopping) this.#startAgain(signal ?? code)
    })
    await listening.promise
  }

  /** Lets it finish what is under way. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  #startAgain(how: string | number | null): void {
    process.stdout.write(`${this.name} ended (${how}) and is started again\n`)
    setTimeout(() => {
      if (this.#isStopping) return
      this.start().then(
        () => process.stdout.write(`${this.name} is back, process ${this.pid}\n`),
        () => this.#startAgain('start'),
      )
    }, AGAIN_MS)
  }
}
