/**
 * Messages through Redis 7 or Valkey, by sharded publish/subscribe, which in a cluster stays on the server of a channel.
 *
 * What it does: gathers what is subscribed to in one turn of the event loop, and after every new connection subscribes to
 * all of it again.
 * Guarantees: `onSubscribed` is called for a channel each time Redis has confirmed that from now on it is heard.
 * On failure: subscriptions that Redis did not confirm are tried again; messages are not.
 */
import type { Logger } from 'pino'
import type { RedisLink } from '../lib/redis.ts'
import type { Carrier, CarrierListener, Message } from './carrier.ts'

/** Channels in one command; thousands at once would keep Redis from its other work. */
const CHANNELS_PER_COMMAND = 500
const RETRY_MS = 500

export class RedisCarrier implements Carrier {
  readonly #link: RedisLink
  readonly #log: Logger
  #listener: CarrierListener | undefined
  readonly #wanted = new Set<string>()
  #changed = new Set<string>()
  #flushing: NodeJS.Immediate | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(link: RedisLink, options: { log: Logger }) {
    this.#link = link
    this.#log = options.log
    link.on('subscriberReady', () => this.#change(this.#wanted))
    link.on('message', (channel, text) => this.#listener?.onMessage(channel, text))
  }

  get isUp(): boolean {
    return this.#link.isUp
  }

  listen(listener: CarrierListener): void {
    this.#listener = listener
  }

  async send(messages: readonly Message[]): Promise<void> {
    if (this.#link.kind === 'cluster') {
      // A pipeline of a cluster is of one server; the client makes those by itself.
      await Promise.all(messages.map(([channel, text]) => this.#link.commands.spublish(channel, text)))
      return
    }
    const pipeline = this.#link.commands.pipeline()
    for (const [channel, text] of messages) pipeline.spublish(channel, text)
    const results = await pipeline.exec()
    const failed = results?.find(([error]) => error)?.[0]
    if (failed) throw failed
  }

  subscribe(channel: string): void {
    this.#wanted.add(channel)
    this.#change([channel])
  }

  unsubscribe(channel: string): void {
    if (this.#wanted.delete(channel)) this.#change([channel])
  }

  /** The link is closed by whoever opened it. */
  close(): void {
    this.#listener = undefined
    clearImmediate(this.#flushing)
    clearTimeout(this.#retry)
    this.#wanted.clear()
  }

  #change(channels: Iterable<string>): void {
    for (const channel of channels) this.#changed.add(channel)
    this.#flushing ??= setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = undefined
    const changed = [...this.#changed]
    this.#changed = new Set()
    // All that is wanted is subscribed to when the connection is ready.
    if (this.#link.subscriber.status !== 'ready') return
    const added = changed.filter((channel) => this.#wanted.has(channel))
    const removed = changed.filter((channel) => !this.#wanted.has(channel))
    for (const some of this.#toCommands(removed)) {
      this.#link.subscriber.sunsubscribe(...some).catch((error) => this.#failed(error, some))
    }
    const commands = this.#toCommands(added).map((some) => this.#subscribe(some))
    void Promise.all(commands).then((confirmed) => {
      const channels = confirmed.flat()
      if (channels.length > 0) this.#listener?.onSubscribed(channels)
    })
  }

  /** @returns the channels if Redis has confirmed them, else none */
  async #subscribe(channels: string[]): Promise<string[]> {
    try {
      await this.#link.subscriber.ssubscribe(...channels)
      return channels
    } catch (error) {
      this.#failed(error, channels)
      return []
    }
  }

  #failed(error: unknown, channels: readonly string[]): void {
    this.#log.debug({ err: error }, 'subscribing in redis failed')
    for (const channel of channels) this.#changed.add(channel)
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#change([]), RETRY_MS)
    this.#retry.unref()
  }

  /** In a cluster each channel is on the server of its slot, so each is a command of its own. */
  #toCommands(channels: readonly string[]): string[][] {
    const size = this.#link.kind === 'cluster' ? 1 : CHANNELS_PER_COMMAND
    const commands: string[][] = []
    for (let start = 0; start < channels.length; start += size) commands.push(channels.slice(start, start + size))
    return commands
  }
}
