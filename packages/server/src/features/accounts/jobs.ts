/**
 * What happens to sessions by itself: once they have expired they are deleted, a day later at the most.
 *
 * Order and locking: one server at a time, by an advisory lock.
 * On failure: it is tried again the next time.
 */
import { type Core, inTransaction } from '../../ctx.ts'
import { deleteExpiredSessions, tryLockCleanUp } from './queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    sessionCleaner: SessionCleaner
  }
}

const EVERY_MS = 24 * 60 * 60 * 1000

/** A server that is restarted daily must clean up too, but not while it starts. */
const FIRST_AFTER_MS = 60_000

/** Deleted by one statement. */
const BATCH = 5_000

/** The background work of a server on sessions. */
export class SessionCleaner {
  readonly #core: Core
  #timer: NodeJS.Timeout | undefined
  #cleaning: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(core: Core) {
    this.#core = core
  }

  /** Cleans up in a minute, and then daily. The timers keep no process alive. */
  start(): void {
    this.#later(FIRST_AFTER_MS)
  }

  /** Finishes the statement under way and does no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#cleaning
  }

  /** Deletes what has expired, unless another server is doing so. Answers how many it were. */
  async clean(): Promise<number> {
    let total = 0
    let deleted = BATCH
    while (deleted === BATCH && !this.#isStopped) {
      deleted = await inTransaction(this.#core, async (tx) =>
        (await tryLockCleanUp(tx)) ? deleteExpiredSessions(tx, BATCH) : 0,
      )
      total += deleted
    }
    return total
  }

  #later(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#cleaning = this.clean().catch((error: unknown) => {
        this.#core.log.warn({ err: error }, 'deleting expired sessions failed; it is tried again in a day')
      })
      this.#later(EVERY_MS)
    }, afterMs)
    this.#timer.unref()
  }
}
