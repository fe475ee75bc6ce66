/** What is known of a consumer's run when it is over. */
export type Run = Readonly<{
  /** How long it took. */
  ms: number
  /** How many events were committed here meanwhile. */
  committed: number
  /** The share of the time since the run before in which this process had something to do, 0 to 1. */
  utilization: number
  /** For how long there has always been something left to consume. */
  behindMs: number
}>

/** While more than this is committed during a run, people are sending. */
const BUSY_EVENTS = 20

/** A process that has less to do than this has time for both. */
const BUSY_UTILIZATION = 0.5

/** Senders come first for this long at a stretch; then what they have sent is due. */
const MAX_BEHIND_MS = 10_000

const BUSY_REST_MS = 50
const BUSY_REST_FACTOR = 19

/**
 * How long a consumer of the log rests after a run, in milliseconds: as long as the run took. While people send as fast as
 * this process can take it, each consumer has a twentieth of the time and the rest is theirs, until it has been behind for
 * ten seconds: so a burst is stored as fast as can be, and a load that lasts is consumed as fast as it comes.
 */
export function restAfter({ ms, committed, utilization, behindMs }: Run): number {
  const isBurst = committed > BUSY_EVENTS && utilization > BUSY_UTILIZATION && behindMs < MAX_BEHIND_MS
  return isBurst ? Math.max(BUSY_REST_MS, ms * BUSY_REST_FACTOR) : ms
}
