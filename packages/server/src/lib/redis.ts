/**
 * The way to Redis (or Valkey): one connection for commands and one for what other servers publish, or in a cluster one
 * to each of its servers.
 *
 * Guarantees: nothing here waits for a Redis that is away or frozen: commands are refused at once while `isUp` is false,
 * and give up after `COMMAND_MS`. A silent connection is found by a heartbeat and opened anew.
 * On failure: `isUp` turns false; reconnecting goes on for ever, at most `RETRY_MS` apart.
 */
import { EventEmitter } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { RedisTarget } from './redis-url.ts'

/** What commands are sent to. */
export type RedisCommands = Redis | Cluster

/** How long a command may take. */
const COMMAND_MS = 500

/** A connection that says nothing for this long after it was spoken to is dead. */
const SILENCE_MS = 3_000
const HEARTBEAT_MS = 1_000
const RETRY_MS = 2_000

type Events = {
  /** Subscriptions are gone or may have been: whoever has some subscribes again. */
  subscriberReady: []
  message: [channel: string, text: string]
}

export class RedisLink extends EventEmitter<Events> {
  readonly commands: RedisCommands
  readonly subscriber: RedisCommands
  readonly kind: RedisTarget['kind']
  readonly #log: Logger
  readonly #heartbeat: NodeJS.Timeout
  #isSilent = false
  #wasUp = true
  #isClosed = false

  constructor(target: RedisTarget, options: { name: string; log: Logger }) {
    super()
    this.#log = options.log
    this.kind = target.kind
    this.commands = connect(target, `${options.name}`)
    // In a cluster one object holds the connections of both kinds.
    this.subscriber = target.kind === 'cluster' ? this.commands : connect(target, `${options.name}:sub`)
    for (const client of new Set([this.commands, this.subscriber])) {
      // Why it is away is logged once, by the heartbeat; each failed attempt would be a line a second.
      client.on('error', (error: Error) => this.#log.debug({ err: error }, 'redis'))
    }
    this.subscriber.on('smessage', (channel: string, text: string) => this.emit('message', channel, text))
    this.subscriber.on(target.kind === 'cluster' ? 'subscribersReady' : 'ready', () => this.emit('subscriberReady'))
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** Whether commands are worth sending and what others publish is heard. */
  get isUp(): boolean {
    return !this.#isSilent && this.commands.status === 'ready' && this.subscriber.status === 'ready'
  }

  /** Whether commands are worth sending. */
  get isAnswering(): boolean {
    return !this.#isSilent && this.commands.status === 'ready'
  }

  /** Waits for the first connection, at most so long; answers whether there is one. */
  async connected(withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs
    while (!this.isUp && !this.#isClosed && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return this.isUp
  }

  /** Closes the connections without waiting for answers. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#heartbeat)
    this.removeAllListeners()
    for (const client of new Set([this.commands, this.subscriber])) client.disconnect()
  }

  async #beat(): Promise<void> {
    const clients = [...new Set([this.commands, this.subscriber])]
    const answers = await Promise.allSettled(clients.map((client) => client.ping()))
    if (this.#isClosed) return
    // A ping in a cluster asks one of its servers, and says nothing of the others.
    this.#isSilent = this.kind !== 'cluster' && answers.some((answer) => answer.status === 'rejected')
    if (this.isUp === this.#wasUp) return
    this.#wasUp = this.isUp
    if (this.isUp) this.#log.info('redis is back')
    else this.#log.warn({ reason: reasonOf(answers) }, 'redis is away; this server goes on without it')
  }
}

function reasonOf(answers: readonly PromiseSettledResult<unknown>[]): string {
  const failed = answers.find((answer) => answer.status === 'rejected')
  return failed ? String(failed.reason) : 'not connected'
}

function connect(target: RedisTarget, name: string): RedisCommands {
  const retry = (attempt: number) => Math.min(RETRY_MS, 50 * 2 ** Math.min(attempt, 10))
  const common = commonOptions(target, name)
  if (target.kind === 'cluster') {
    return new Cluster([...target.nodes], {
      redisOptions: common,
      clusterRetryStrategy: retry,
      enableOfflineQueue: false,
      shardedSubscribers: true,
      enableAutoPipelining: true,
      slotsRefreshTimeout: 2_000,
      slotsRefreshInterval: 5_000,
    })
  }
  const options = { ...common, retryStrategy: retry, enableOfflineQueue: false, db: target.db }
  if (target.kind === 'single') return new Redis({ ...options, ...target.nodes[0] })
  return new Redis({
    ...options,
    sentinels: target.nodes.map((node) => ({ ...node })),
    name: target.masterName ?? '',
    enableTLSForSentinelMode: target.isTls,
    sentinelRetryStrategy: retry,
    ...(target.isTls ? { sentinelTLS: {} } : {}),
    ...(target.sentinelPassword ? { sentinelPassword: target.sentinelPassword } : {}),
  })
}

function commonOptions(target: RedisTarget, name: string) {
  return {
    connectionName: name.replace(/[^\w:.-]/g, '_'),
    connectTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 0,
    // What was not answered must not be sent again later: it would arrive out of its time.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableAutoPipelining: target.kind === 'cluster',
    ...(target.username ? { username: target.username } : {}),
    ...(target.password ? { password: target.password } : {}),
    ...(target.isTls ? { tls: {} } : {}),
  }
}
