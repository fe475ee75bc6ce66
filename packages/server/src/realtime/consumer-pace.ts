import { performance } from 'node:perf_hooks'

/** What is known of a consumer's run when it is over. */
export type Run = Readonly<{
  /** How long it took. */
  ms: number
  /** How many events were committed here meanwhile. */
  committed: number
  /** The share of the time since the run before in which this process had something to do, 0 to 1. */
  utilization: number
  /** For how long there has been something left to do after every run. */
  busyMs: number
}>

/** While more than this is committed during a run, people are sending. */
const BUSY_EVENTS = 20

/** A process that has less to do than this has time for both. */
const BUSY_UTILIZATION = 0.5

/** Senders come first for this long at a stretch; then what they have sent is due. */
const MAX_BUSY_MS = 10_000

const BUSY_REST_MS = 50
const LONGEST_REST_MS = 1_000
const BUSY_REST_FACTOR = 49

/**
 * How long a consumer of the log rests after a run, in milliseconds: as long as the run took. While people send as fast as
 * this process can take it, each consumer has a fiftieth of the time, but rests no longer than a second or than it ran, and
 * the rest is theirs, for ten seconds: so a burst is stored as fast as can be, and under a load that lasts the consumer works
 * as long as it rests.
 */
export function restAfter({ ms, committed, utilization, busyMs }: Run): number {
  const isBurst = committed > BUSY_EVENTS && utilization > BUSY_UTILIZATION && busyMs < MAX_BUSY_MS
  if (!isBurst) return ms
  return Math.max(ms, BUSY_REST_MS, Math.min(LONGEST_REST_MS, ms * BUSY_REST_FACTOR))
}

/** When the process was looked at, and how much it had done by then; `now` is `performance.now()`. */
type Moment = Readonly<{ now: number; used: ReturnType<typeof performance.eventLoopUtilization> }>

/** What a consumer remembers of its runs to know how long to rest. */
export class Pace {
  #busySince: number | undefined
  #last = lookNow().used

  /**
   * A run is over.
   *
   * @param run.isMoreLeft whether there is something left to do
   * @returns how long to rest, in milliseconds
   */
  ended(
    run: Readonly<{ ms: number; committed: number; isMoreLeft: boolean }>,
    { now, used }: Moment = lookNow(),
  ): number {
    const { utilization } = performance.eventLoopUtilization(used, this.#last)
    this.#last = used
    this.#busySince = run.isMoreLeft ? (this.#busySince ?? now) : undefined
    return restAfter({ ...run, utilization, busyMs: now - (this.#busySince ?? now) })
  }
}

function lookNow(): Moment {
  return { now: performance.now(), used: performance.eventLoopUtilization() }
}
