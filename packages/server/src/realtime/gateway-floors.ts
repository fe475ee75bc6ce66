import type { Topic } from '@confab/contract/define-event'

/** Of a topic, up to which event a client knows everything. */
export type Floor = { seq: number }

/**
 * What a client has been told in another way than by events: by `ready`, or by a `resync` after which it fetches. The
 * hub may be behind that, by as much as the bus is late; what it then delivers is no news to this client, and must not
 * reach it. Empty most of the time.
 */
export class Floors {
  readonly #floors = new Map<Topic, Floor>()

  /** The client knows everything up to this event. */
  raise(topic: Topic, seq: number): void {
    this.#floors.set(topic, { seq })
  }

  /** Nothing of the topic is passed on until it is known from where on; by the floor one sees whether it still matters. */
  shut(topic: Topic): Floor {
    const floor = { seq: Number.POSITIVE_INFINITY }
    this.#floors.set(topic, floor)
    return floor
  }

  /** Whether this is the topic's floor, and not that of an earlier or later beginning. */
  isCurrent(topic: Topic, floor: Floor): boolean {
    return this.#floors.get(topic) === floor
  }

  /** Whether an event is news. The first that is opens the topic. */
  lets(topic: Topic, seq: number): boolean {
    const floor = this.#floors.get(topic)
    if (floor === undefined) return true
    if (seq <= floor.seq) return false
    this.#floors.delete(topic)
    return true
  }

  /** The topic is not followed any more. */
  forget(topic: Topic): void {
    this.#floors.delete(topic)
  }
}
