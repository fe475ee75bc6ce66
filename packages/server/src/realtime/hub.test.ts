import type { Topic } from '@confab/contract/define-event'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { LoggedEvent } from './bus.ts'
import { Hub, type Subscriber } from './hub.ts'

/** The log as a list in memory, which the hub reads with whatever delay the test gives it. */
class ModelLog {
  readonly events = new Map<Topic, LoggedEvent[]>()
  /** Reads that wait to be answered; each answers with what the log is when it is let go. */
  readonly waiting: (() => void)[] = []
  isDown = false

  commit(topic: Topic): LoggedEvent {
    const events = this.events.get(topic) ?? []
    const event = { topic, seq: events.length + 1, type: 'message.created', data: {} }
    this.events.set(topic, [...events, event])
    return event
  }

  readonly reader = {
    readEvents: (topic: Topic, after: number, limit: number) =>
      this.#answer(() => (this.events.get(topic) ?? []).slice(after, after + limit)),
    readPositions: (topics: readonly Topic[]) =>
      this.#answer(() => new Map(topics.map((topic) => [topic, this.events.get(topic)?.length ?? 0]))),
  }

  #answer<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push(() => (this.isDown ? reject(new Error('the database is away')) : resolve(read())))
    })
  }

  /** Answers everything that waits, and what comes of it. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      const waiting = this.waiting.splice(0)
      for (const answer of waiting) answer()
      await vi.advanceTimersByTimeAsync(20)
      quiet = waiting.length === 0 ? quiet + 1 : 0
    }
  }
}

class Listener implements Subscriber {
  readonly seqs: number[] = []
  /** Set when the subscription is confirmed; what comes after this number must come, all of it. */
  position: number | undefined

  onEvent(event: LoggedEvent): void {
    this.seqs.push(event.seq)
  }

  onSignal(): void {}

  onLost(): void {
    throw new Error('nothing is ever pruned here')
  }
}

const topics: Topic[] = ['room:1', 'user:7']
const topic = fc.constantFrom(...topics)

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit' as const), topic, isLost: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('publish' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), topic, pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('subscribe' as const), topic }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), isDown: fc.boolean() }) },
)

test('whatever the bus loses, repeats or reorders, and whenever one subscribes: every event after it, in order, once', async () => {
  vi.useFakeTimers()
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 150, size: 'max' }), async (steps) => {
        const log = new ModelLog()
        const hub = new Hub({ reader: log.reader, log: pino({ level: 'silent' }) })
        const inFlight: LoggedEvent[] = []
        const listeners: { listener: Listener; topic: Topic; isGone: boolean }[] = []
        for (const one of steps) {
          if (one.kind === 'commit') {
            const event = log.commit(one.topic)
            if (!one.isLost) inFlight.push(event)
          } else if (one.kind === 'publish' && inFlight.length > 0) {
            for (const event of inFlight.splice(one.pick % inFlight.length, 1)) hub.onEvent(event)
          } else if (one.kind === 'repeat') {
            const known = log.events.get(one.topic) ?? []
            const event = known[one.pick % Math.max(1, known.length)]
            if (event) hub.onEvent(event)
          } else if (one.kind === 'subscribe') {
            const entry = { listener: new Listener(), topic: one.topic, isGone: false }
            listeners.push(entry)
            hub.subscribe([one.topic], entry.listener).then(
              (positions) => {
                entry.listener.position = positions.get(one.topic)
              },
              () => {
                entry.isGone = true
              },
            )
          } else if (one.kind === 'unsubscribe' && listeners.length > 0) {
            const entry = listeners[one.pick % listeners.length]
            if (entry) {
              entry.isGone = true
              hub.unsubscribe(entry.topic, entry.listener)
            }
          } else if (one.kind === 'answer' && log.waiting.length > 0) {
            for (const answer of log.waiting.splice(one.pick % log.waiting.length, 1)) answer()
          } else if (one.kind === 'check') {
            hub.checkPositions().catch(() => {})
          } else if (one.kind === 'outage') {
            log.isDown = one.isDown
          }
          await vi.advanceTimersByTimeAsync(4)
        }
        log.isDown = false
        await log.settle()
        hub.checkPositions().catch(() => {})
        await log.settle()

        for (const { listener, topic: followed, isGone } of listeners) {
          const first = listener.seqs[0]
          if (first !== undefined) expect(listener.seqs).toEqual(listener.seqs.map((_, index) => first + index))
          if (isGone) continue
          const last = log.events.get(followed)?.length ?? 0
          const position = listener.position ?? Number.NaN
          expect(listener.seqs.filter((seq) => seq > position)).toEqual(
            Array.from({ length: last - position }, (_, index) => position + 1 + index),
          )
        }
      }),
      { numRuns: 500 },
    )
  } finally {
    vi.useRealTimers()
  }
}, 60_000)

test('a subscriber of an ended subscription hears nothing more, and the topic is given up', async () => {
  const log = new ModelLog()
  const followed: string[] = []
  const hub = new Hub({
    reader: log.reader,
    log: pino({ level: 'silent' }),
    onFollow: (one) => followed.push(`+${one}`),
    onUnfollow: (one) => followed.push(`-${one}`),
  })
  const listener = new Listener()
  const subscribed = hub.subscribe(['room:1'], listener)
  for (const answer of log.waiting.splice(0)) answer()
  await subscribed

  hub.onEvent(log.commit('room:1'))
  hub.unsubscribe('room:1', listener)
  hub.onEvent(log.commit('room:1'))

  expect(listener.seqs).toEqual([1])
  expect(followed).toEqual(['+room:1', '-room:1'])
  expect(hub.size).toEqual({ topics: 0, subscriptions: 0 })
})
