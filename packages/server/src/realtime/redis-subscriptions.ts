/**
 * The channels this server listens to.
 *
 * What it does: gathers what is added and removed in one turn of the event loop, and after every new connection
 * subscribes to all of them again.
 * Guarantees: `onSubscribed` is called for a channel each time Redis has confirmed that from now on it is heard.
 * On failure: what Redis did not confirm is tried again.
 */
import type { Logger } from 'pino'
import type { RedisLink } from '../lib/redis.ts'

/** Channels in one command; thousands at once would keep Redis from its other work. */
const CHANNELS_PER_COMMAND = 500
const RETRY_MS = 500

export class Subscriptions {
  readonly #link: RedisLink
  readonly #log: Logger
  readonly #onSubscribed: (channels: readonly string[]) => void
  readonly #wanted = new Set<string>()
  #changed = new Set<string>()
  #flushing: NodeJS.Immediate | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(link: RedisLink, options: { log: Logger; onSubscribed: (channels: readonly string[]) => void }) {
    this.#link = link
    this.#log = options.log
    this.#onSubscribed = options.onSubscribed
    link.on('subscriberReady', () => {
      this.#change(this.#wanted)
    })
  }

  add(channel: string): void {
    this.#wanted.add(channel)
    this.#change([channel])
  }

  remove(channel: string): void {
    if (this.#wanted.delete(channel)) this.#change([channel])
  }

  close(): void {
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
      if (channels.length > 0) this.#onSubscribed(channels)
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
