/**
 * The bus between servers, over a carrier of messages: one channel a topic, which a server follows only while somebody on
 * it does, and one channel of notices.
 *
 * What it does: serves this server's own listener at once, and gathers what is published in one turn of the event loop
 * into one message a topic, all of them sent in one go.
 * Guarantees: publishing neither waits nor throws, whatever the carrier does; what waits for it is bounded, and dropped
 * beyond that. After each subscription, also the one after an outage, the listener is told that what was published on
 * those topics before may not have been heard, so that it asks the log.
 * Order: none between servers; the hub brings events into order.
 * On failure: others hear of events by their position check instead, within seconds; signals and notices are lost.
 */
import { randomBytes } from 'node:crypto'
import type { Topic } from '@confab/contract/define-event'
import type { Logger } from 'pino'
import type { Bus, BusListener, LoggedEvent, Notice, Signal } from './bus.ts'
import { readItems, writeEvent, writePassing } from './bus-text.ts'
import type { Carrier, Message } from './carrier.ts'

/** What may wait for the carrier to take it. */
const MAX_WAITING_CHARS = 16 * 1024 * 1024

/** One message holds no more than this, so that none keeps the carrier from its other work. */
const MAX_MESSAGE_CHARS = 512 * 1024

const TAG_CHARS = 12

export class ChannelBus implements Bus {
  readonly #carrier: Carrier
  readonly #log: Logger
  readonly #prefix: string
  readonly #noticeChannel: string
  /** Begins every message of this process, which has served itself already. */
  readonly #tag = randomBytes(TAG_CHARS / 2).toString('hex')
  #listener: BusListener | undefined
  #outgoing = new Map<string, string[]>()
  #isFlushing = false
  #waitingChars = 0
  readonly stats = { published: 0, received: 0, dropped: 0 }

  /** @param options.prefix begins the names of all channels; what shares a carrier without sharing users has another */
  constructor(carrier: Carrier, options: { prefix: string; log: Logger }) {
    this.#carrier = carrier
    this.#log = options.log
    this.#prefix = options.prefix
    this.#noticeChannel = `${options.prefix}notices`
    carrier.listen({
      onMessage: (channel, text) => this.#onMessage(channel, text),
      onSubscribed: (channels) => this.#onSubscribed(channels),
    })
    carrier.subscribe(this.#noticeChannel)
  }

  listen(listener: BusListener): void {
    this.#listener = listener
  }

  publishEvents(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      this.#listener?.onEvent(event)
      if (this.#carrier.isUp) this.#send(this.#prefix + event.topic, writeEvent(event))
    }
  }

  publishSignal(signal: Signal): void {
    this.#listener?.onSignal(signal)
    if (this.#carrier.isUp) this.#send(this.#prefix + signal.topic, writePassing(signal))
  }

  publishNotice(notice: Notice): void {
    this.#listener?.onNotice(notice)
    if (this.#carrier.isUp) this.#send(this.#noticeChannel, writePassing(notice))
  }

  follow(topic: Topic): void {
    this.#carrier.subscribe(this.#prefix + topic)
  }

  unfollow(topic: Topic): void {
    this.#carrier.unsubscribe(this.#prefix + topic)
  }

  state(): 'up' | 'down' {
    return this.#carrier.isUp ? 'up' : 'down'
  }

  /** Sends what is gathered and listens no more. */
  async close(): Promise<void> {
    this.#flush()
    this.#listener = undefined
    this.#carrier.close()
  }

  #send(channel: string, item: string | undefined): void {
    if (item === undefined || this.#waitingChars + item.length > MAX_WAITING_CHARS) {
      this.stats.dropped += 1
      return
    }
    this.#waitingChars += item.length
    const items = this.#outgoing.get(channel)
    if (items) items.push(item)
    else this.#outgoing.set(channel, [item])
    if (this.#isFlushing) return
    this.#isFlushing = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#isFlushing = false
    const outgoing = this.#outgoing
    if (outgoing.size === 0) return
    this.#outgoing = new Map()
    const messages = [...outgoing].flatMap(([channel, items]) => this.#toMessages(channel, items))
    const chars = [...outgoing.values()].flat().reduce((sum, item) => sum + item.length, 0)
    this.stats.published += messages.length
    this.#carrier
      .send(messages)
      .catch((error) => {
        this.stats.dropped += messages.length
        this.#log.debug({ err: error }, 'publishing failed')
      })
      .finally(() => {
        this.#waitingChars -= chars
      })
  }

  #toMessages(channel: string, items: readonly string[]): Message[] {
    const messages: Message[] = []
    let begun: string[] = []
    let chars = 0
    for (const item of items) {
      if (chars > 0 && chars + item.length > MAX_MESSAGE_CHARS) {
        messages.push([channel, `${this.#tag}[${begun.join()}]`])
        begun = []
        chars = 0
      }
      begun.push(item)
      chars += item.length
    }
    messages.push([channel, `${this.#tag}[${begun.join()}]`])
    return messages
  }

  #onMessage(channel: string, text: string): void {
    const listener = this.#listener
    if (!listener || !channel.startsWith(this.#prefix) || text.startsWith(this.#tag)) return
    this.stats.received += 1
    const items = readItems(text.slice(TAG_CHARS))
    if (channel === this.#noticeChannel) {
      for (const item of items) if (item.kind === 'passing') listener.onNotice(item)
      return
    }
    const topic = topicIn(channel.slice(this.#prefix.length))
    if (topic) for (const item of items) tell(listener, topic, item)
  }

  #onSubscribed(channels: readonly string[]): void {
    this.#listener?.onUnheard(channels.flatMap((channel) => topicIn(channel.slice(this.#prefix.length)) ?? []))
  }
}

function tell(listener: BusListener, topic: Topic, item: ReturnType<typeof readItems>[number]): void {
  if (item.kind === 'event') listener.onEvent({ topic, seq: item.seq, type: item.type, data: item.data })
  else if (item.kind === 'position') listener.onPosition(topic, item.seq)
  else listener.onSignal({ topic, type: item.type, data: item.data })
}

function topicIn(name: string): Topic | undefined {
  const [, kind, digits] = /^(room|user):(\d{1,16})$/.exec(name) ?? []
  if (kind !== 'room' && kind !== 'user') return undefined
  return `${kind}:${Number(digits)}`
}
