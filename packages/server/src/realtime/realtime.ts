import type { DataOf, EventDefinition, SignalDefinition, Topic } from '@confab/contract/define-event'
import { topicOf } from '@confab/contract/define-event'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { batched } from '../lib/batched.ts'
import type { Bus, LoggedEvent, Notice, Signal } from './bus.ts'
import { Hub } from './hub.ts'
import {
  type EventLoader,
  readArrivals,
  readPositions,
  readStoredEvents,
  readStretches,
  type StoredEvent,
  type Stretch,
} from './log.ts'

declare module '../ctx.ts' {
  interface Services {
    realtime: Realtime
  }
}

/** How often the followed topics are compared with the log: what the bus loses is late by this much at the most. */
const POSITION_CHECK_MS = 2_000

/**
 * Events published in one turn of the event loop, so that telling many does not stop everything: a run that tells people of
 * a hundred rooms at once, or the end of a large group.
 */
const PUBLISHED_AT_ONCE = 1_000

/** What this server has committed itself; the background consumers of the log wake up by it. */
export type PublishedListener = (events: readonly LoggedEvent[]) => void

/** The parts of realtime in one place: services publish and signal here, sockets subscribe at its hub. */
export class Realtime {
  readonly hub: Hub
  readonly bus: Bus
  /** How far the log of a topic has come, which the hub may not have heard of yet; those who ask at once share a query. */
  readonly readPosition: (topic: Topic) => Promise<number>
  readonly #db: Db
  readonly #log: Logger
  readonly #published: PublishedListener[] = []
  /** Published in the next turns of the event loop, each of them in one. */
  readonly #unpublished: (readonly LoggedEvent[])[] = []
  readonly #noticeHandlers = new Map<string, ((data: Notice['data']) => void)[]>()
  readonly #observers = new Map<string, ((data: Signal['data']) => void)[]>()
  readonly #loaders = new Map<string, EventLoader>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: { bus: Bus; db: Db; log: Logger }) {
    this.bus = options.bus
    this.#db = options.db
    this.#log = options.log
    this.readPosition = batched(async (topics) => {
      const positions = await readPositions(this.#db, [...new Set(topics)])
      return topics.map((topic) => positions.get(topic) ?? 0)
    })
    this.hub = new Hub({
      log: options.log,
      reader: {
        readEvents: (topic, after, limit) => this.readEvents(topic, after, limit),
        readPositions: (topics) => readPositions(this.#db, topics),
      },
      onFollow: (topic) => this.bus.follow(topic),
      onUnfollow: (topic) => this.bus.unfollow(topic),
    })
    this.bus.listen({
      onEvent: (event) => {
        this.#observe(event)
        this.hub.onEvent(event)
      },
      onSignal: (signal) => {
        this.#observe(signal)
        this.hub.onSignal(signal)
      },
      onNotice: (notice) => this.#onNotice(notice),
      onPosition: (topic, seq) => this.hub.onPosition(topic, seq),
      onUnheard: (topics) => {
        this.hub.checkTopics(topics).catch((error) => this.#log.warn({ err: error }, 'position check failed'))
      },
    })
  }

  /** Starts the periodic position check. */
  start(): void {
    this.#timer = setInterval(() => {
      this.hub.checkPositions().catch((error) => this.#log.warn({ err: error }, 'position check failed'))
    }, POSITION_CHECK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.bus.close()
  }

  /** Says how events of some kinds, which name in the log what they tell of, get their data when they are read back. */
  useLoader(definitions: readonly EventDefinition[], load: EventLoader): void {
    for (const { name } of definitions) this.#loaders.set(name, load)
  }

  /** Calls the listener with everything this server commits to the log. */
  onPublished(listener: PublishedListener): void {
    this.#published.push(listener)
  }

  /** Tells all servers what was committed. `record` does this by itself after the commit. */
  publish(events: readonly LoggedEvent[]): void {
    if (this.#unpublished.length === 0 && events.length <= PUBLISHED_AT_ONCE) {
      this.#publishNow(events)
      return
    }
    if (this.#unpublished.length === 0) setImmediate(() => this.#publishNext())
    for (let start = 0; start < events.length; start += PUBLISHED_AT_ONCE) {
      this.#unpublished.push(events.slice(start, start + PUBLISHED_AT_ONCE))
    }
  }

  #publishNow(events: readonly LoggedEvent[]): void {
    this.bus.publishEvents(events)
    for (const listener of this.#published) listener(events)
  }

  #publishNext(): void {
    const events = this.#unpublished.shift()
    if (events) this.#publishNow(events)
    if (this.#unpublished.length > 0) setImmediate(() => this.#publishNext())
  }

  /** Tells everyone on a topic of a passing state. */
  signal<D extends SignalDefinition>(definition: D, to: number, data: DataOf<D>): void {
    this.bus.publishSignal({
      topic: topicOf(definition.topic, to),
      type: definition.name,
      data: data as Record<string, unknown>,
    })
  }

  /**
   * Calls the handler for every signal or event of the kind that reaches this server by the bus, before its sockets hear
   * of it. The bus may lose some, events too: this is for what heals by itself.
   */
  observe<D extends SignalDefinition | EventDefinition>(definition: D, handler: (data: DataOf<D>) => void): void {
    const observers = this.#observers.get(definition.name) ?? []
    // They are only ever made from their definition, by `signal` and `record`.
    observers.push((data) => handler(data as DataOf<D>))
    this.#observers.set(definition.name, observers)
  }

  /** Tells all servers something that is not for clients. */
  notify(type: string, data: Notice['data']): void {
    this.bus.publishNotice({ type, data })
  }

  /** Calls the handler for every notice of the type, those of this server included. */
  onNotice(type: string, handler: (data: Notice['data']) => void): void {
    const handlers = this.#noticeHandlers.get(type) ?? []
    handlers.push(handler)
    this.#noticeHandlers.set(type, handlers)
  }

  /** Events of a topic after a position, oldest first, whole. */
  async readEvents(topic: Topic, after: number, limit: number): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = []
    for (let from = after; events.length < limit; ) {
      const stored = await readStoredEvents(this.#db, topic, from, limit)
      events.push(...(await this.#makeWhole(stored)))
      if (stored.length < limit) break
      from = stored.at(-1)?.seq ?? from
    }
    return events.slice(0, limit)
  }

  /**
   * Stretches of many topics, each in order, people's own first; whole. A constant number of queries.
   *
   * @param bounds.maxBytes about how much they may take on the wire; topics for which there is no room are left out
   */
  async readStretches(stretches: readonly Stretch[], bounds: { maxBytes: number }): Promise<LoggedEvent[]> {
    return stretches.length === 0 ? [] : this.#makeWhole(await readStretches(this.#db, stretches, bounds))
  }

  /** The rooms that a person came into in a stretch of their topic; undefined where the log does not tell. */
  readArrivals(stretch: Stretch): Promise<number[] | undefined> {
    return readArrivals(this.#db, stretch)
  }

  /** Messages of a deleted group are gone for good, and events of them with it: that counts as lost. */
  async #makeWhole(stored: readonly StoredEvent[]): Promise<LoggedEvent[]> {
    const dataOf = new Map<StoredEvent, Record<string, unknown> | null | undefined>()
    for (const [load, events] of Map.groupBy(stored, ({ type }) => this.#loaders.get(type))) {
      const loaded = load ? await load(this.#db, events) : events.map(({ data }) => data)
      for (const [index, event] of events.entries()) dataOf.set(event, loaded[index])
    }
    return stored.flatMap((event) => {
      const { topic, seq, type } = event
      const data = dataOf.get(event)
      return data ? { topic, seq, type, data } : []
    })
  }

  #observe({ type, data }: Pick<Signal, 'type' | 'data'>): void {
    for (const observe of this.#observers.get(type) ?? []) observe(data)
  }

  #onNotice(notice: Notice): void {
    for (const handler of this.#noticeHandlers.get(notice.type) ?? []) handler(notice.data)
  }
}
