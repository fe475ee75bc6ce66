/**
 * Which local subscribers follow which topic, and how far each topic has been delivered.
 *
 * What it does: takes events from the bus in whatever order and however often they come, and hands each subscriber the
 * events of its topics in order, each once, from the position it subscribed at.
 * Guarantees: an event that is next is delivered at once; an old one is dropped; before one that is ahead, what lies
 * between is read from the log. A tail that the bus lost is found by the periodic position check.
 * Who may call: the sockets subscribe; the bus publishes. All of it runs on the event loop without awaiting in between
 * an event and its delivery, so there is nothing to lock; reads of the log are one at a time a topic.
 * On failure: when the log cannot be read the topic stands still and is tried again by the next check.
 */
import type { Topic } from '@confab/contract/define-event'
import type { Logger } from 'pino'
import type { LoggedEvent, Signal } from './bus.ts'

/** Who follows topics: a socket. */
export interface Subscriber {
  onEvent(event: LoggedEvent): void
  onSignal(signal: Signal): void
  /** Events of the topic up to this one are gone from the log: what is known of it must be fetched anew. */
  onLost(topic: Topic, upTo: number): void
}

/** What the hub needs of the log. */
export type LogReader = Readonly<{
  /** Events after a position, oldest first, at most `limit`; fewer only where the log ends. */
  readEvents(topic: Topic, after: number, limit: number): Promise<LoggedEvent[]>
  readPositions(topics: readonly Topic[]): Promise<Map<Topic, number>>
}>

type Followed = {
  subscribers: Set<Subscriber>
  /** The number of the last event delivered; undefined until it has been read. */
  position: number | undefined
  /** Events that came before their turn. */
  early: Map<number, LoggedEvent>
  /** Resolves when the position is known. */
  ready: Promise<void>
  catchingUp: boolean
}

/** Events that came early are kept up to this many; beyond it the log has them all the same. */
const MAX_EARLY = 1_000

/** Events read from the log at a time. */
const CATCH_UP_PAGE = 200

/** A check reads the positions of this many topics in one query. */
const TOPICS_PER_CHECK = 5_000

export class Hub {
  readonly #topics = new Map<Topic, Followed>()
  readonly #reader: LogReader
  readonly #log: Logger
  readonly #onFollow: (topic: Topic) => void
  readonly #onUnfollow: (topic: Topic) => void
  #checking = false
  /** Events that came, events given to subscribers, and reads of the log for what had not come; since the start. */
  readonly stats = { events: 0, deliveries: 0, fills: 0 }

  constructor(options: {
    reader: LogReader
    log: Logger
    onFollow?: (topic: Topic) => void
    onUnfollow?: (topic: Topic) => void
  }) {
    this.#reader = options.reader
    this.#log = options.log
    this.#onFollow = options.onFollow ?? (() => {})
    this.#onUnfollow = options.onUnfollow ?? (() => {})
  }

  /** How many topics are followed, and by how many subscribers in all. */
  get size(): { topics: number; subscriptions: number } {
    let subscriptions = 0
    for (const followed of this.#topics.values()) subscriptions += followed.subscribers.size
    return { topics: this.#topics.size, subscriptions }
  }

  /**
   * Follows topics. Of each the subscriber is given every event after the position that this resolves to, in order; of
   * what came while it was resolving, it may have been given some before. Costs one query, however many topics there are.
   *
   * @throws where the database cannot be reached; the subscriber then follows none of them
   */
  async subscribe(topics: readonly Topic[], subscriber: Subscriber): Promise<Map<Topic, number>> {
    this.#follow(topics.filter((topic) => !this.#topics.has(topic)))
    const followed = topics.flatMap((topic) => this.#topics.get(topic) ?? [])
    for (const one of followed) one.subscribers.add(subscriber)
    try {
      await Promise.all(new Set(followed.map((one) => one.ready)))
    } catch (error) {
      for (const topic of topics) this.unsubscribe(topic, subscriber)
      throw error
    }
    return new Map(topics.map((topic) => [topic, this.#topics.get(topic)?.position ?? 0]))
  }

  /** The number of the last event that was delivered of a topic; 0 where it is not known, or not followed. */
  positionOf(topic: Topic): number {
    return this.#topics.get(topic)?.position ?? 0
  }

  /** Follows the topic no more; takes effect at once. */
  unsubscribe(topic: Topic, subscriber: Subscriber): void {
    const followed = this.#topics.get(topic)
    if (!followed?.subscribers.delete(subscriber) || followed.subscribers.size > 0) return
    this.#topics.delete(topic)
    this.#onUnfollow(topic)
  }

  /** Takes an event from the bus. */
  onEvent(event: LoggedEvent): void {
    const followed = this.#topics.get(event.topic)
    if (!followed) return
    this.stats.events += 1
    if (followed.position !== undefined && event.seq === followed.position + 1) {
      this.#deliver(followed, event)
      this.#deliverEarly(followed)
      return
    }
    if (followed.position !== undefined && event.seq <= followed.position) return
    if (followed.early.size < MAX_EARLY) followed.early.set(event.seq, event)
    if (followed.position !== undefined) this.#catchUpSoon(event.topic, followed)
  }

  /** Hears from the bus that a topic has reached a position, by an event that the bus did not carry. */
  onPosition(topic: Topic, seq: number): void {
    const followed = this.#topics.get(topic)
    if (followed?.position === undefined || followed.position >= seq) return
    this.#catchUp(topic, followed).catch((error) => this.#log.warn({ err: error, topic }, 'catching up failed'))
  }

  /** Takes a signal from the bus. */
  onSignal(signal: Signal): void {
    const followed = this.#topics.get(signal.topic)
    if (!followed) return
    for (const subscriber of followed.subscribers) subscriber.onSignal(signal)
  }

  /** Compares the positions of all followed topics with the log, and catches up where the bus has lost something. */
  async checkPositions(): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    try {
      await this.checkTopics([...this.#topics.keys()])
    } finally {
      this.#checking = false
    }
  }

  /** The same for some topics, those that are not followed left out. */
  async checkTopics(topics: readonly Topic[]): Promise<void> {
    for (let start = 0; start < topics.length; start += TOPICS_PER_CHECK) {
      const slice = topics.slice(start, start + TOPICS_PER_CHECK).filter((topic) => this.#topics.has(topic))
      if (slice.length === 0) continue
      for (const [topic, position] of await this.#reader.readPositions(slice)) {
        const followed = this.#topics.get(topic)
        if (followed?.position !== undefined && followed.position < position) await this.#catchUp(topic, followed)
      }
    }
  }

  #follow(topics: readonly Topic[]): void {
    if (topics.length === 0) return
    const begun = new Map<Topic, Followed>()
    // Listening begins before the positions are read: what is committed in between is kept as early.
    for (const topic of topics) this.#onFollow(topic)
    const ready = this.#reader.readPositions(topics).then((positions) => {
      for (const [topic, followed] of begun) this.#begin(topic, followed, positions.get(topic) ?? 0)
    })
    for (const topic of topics) {
      const followed = {
        subscribers: new Set<Subscriber>(),
        position: undefined,
        early: new Map(),
        ready,
        catchingUp: false,
      }
      begun.set(topic, followed)
      this.#topics.set(topic, followed)
    }
    ready.catch(() => {
      // Whoever is waiting is told by `subscribe`; a later subscriber must start afresh.
      for (const [topic, followed] of begun) if (this.#topics.get(topic) === followed) this.#topics.delete(topic)
    })
  }

  #begin(topic: Topic, followed: Followed, position: number): void {
    followed.position = position
    this.#deliverEarly(followed)
    if (followed.early.size > 0) this.#catchUpSoon(topic, followed)
  }

  #deliver(followed: Followed, event: LoggedEvent): void {
    followed.position = event.seq
    this.stats.deliveries += followed.subscribers.size
    for (const subscriber of followed.subscribers) subscriber.onEvent(event)
  }

  #deliverEarly(followed: Followed): void {
    const position = followed.position ?? 0
    for (const seq of followed.early.keys()) if (seq <= position) followed.early.delete(seq)
    for (let next = position + 1; ; next++) {
      const event = followed.early.get(next)
      if (!event) return
      followed.early.delete(next)
      this.#deliver(followed, event)
    }
  }

  /** What is missing is usually on its way already; it is given a moment before the log is read. */
  #catchUpSoon(topic: Topic, followed: Followed): void {
    if (followed.catchingUp) return
    setTimeout(() => {
      if (followed.early.size === 0 || this.#topics.get(topic) !== followed) return
      this.#catchUp(topic, followed).catch((error) => this.#log.warn({ err: error, topic }, 'catching up failed'))
    }, 10)
  }

  async #catchUp(topic: Topic, followed: Followed): Promise<void> {
    if (followed.catchingUp) return
    followed.catchingUp = true
    this.stats.fills += 1
    try {
      for (;;) {
        const after = followed.position ?? 0
        const events = await this.#reader.readEvents(topic, after, CATCH_UP_PAGE)
        if (this.#topics.get(topic) !== followed) return
        this.#deliverRead(topic, followed, events)
        if (events.length < CATCH_UP_PAGE) return
      }
    } finally {
      followed.catchingUp = false
    }
  }

  #deliverRead(topic: Topic, followed: Followed, events: LoggedEvent[]): void {
    for (const event of events) {
      const position = followed.position ?? 0
      if (event.seq <= position) continue
      if (event.seq > position + 1)
        for (const subscriber of followed.subscribers) subscriber.onLost(topic, event.seq - 1)
      this.#deliver(followed, event)
    }
    this.#deliverEarly(followed)
  }
}
