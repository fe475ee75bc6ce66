/**
 * Whether the login sessions of open sockets still hold. A session that is ended here closes its sockets at once, one
 * that is ended on another server at the notice from there; this finds those whose notice never came, and those that
 * have expired.
 *
 * Guarantees: a socket outlives its session by `EVERY_MS` and one query at the most, however many sockets are open.
 * On failure: with the database away nothing is closed; it is tried again the next time.
 */
import type { Core } from '../../ctx.ts'
import { findEndedSessions } from './queries.ts'

/** With the time of the query it stays below 5 s. */
const EVERY_MS = 4_000

/** The periodic check of a server. */
export class SessionWatch {
  readonly #core: Core
  readonly #listOpen: () => readonly number[]
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined

  /** @param listOpen the sessions that have a socket open on this server */
  constructor(core: Core, listOpen: () => readonly number[]) {
    this.#core = core
    this.#listOpen = listOpen
  }

  /** Checks from now on. The timer keeps no process alive. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#checking ??= this.#check().finally(() => {
        this.#checking = undefined
      })
    }, EVERY_MS)
    this.#timer.unref()
  }

  /** Finishes the query under way and does no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#checking
  }

  async #check(): Promise<void> {
    const open = this.#listOpen()
    if (open.length === 0) return
    try {
      const ended = await findEndedSessions(this.#core.database.kysely, open)
      this.#core.services.authenticator.sessionsEnded(ended)
    } catch (error) {
      this.#core.log.warn({ err: error }, 'whether sessions of open sockets have ended could not be asked')
    }
  }
}
