import type { DataOf, SignalDefinition } from '@confab/contract/define-event'
import type { Core } from '../../ctx.ts'
import { batched } from '../../lib/batched.ts'
import { countUnreadOfEach } from './queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    unreadSignals: UnreadSignals
  }
}

/**
 * Signals of what somebody has read, with how many notifications are unread after it: clients take that number over.
 *
 * Guarantees: it is counted once the change has committed, and of two signals of this server the later has the later count,
 * so that of changes at the same time none is left out.
 * On failure: nothing is signalled; the next count says what this one would have.
 */
export class UnreadSignals {
  readonly #core: Core
  readonly #count: (userId: number) => Promise<number>

  constructor(core: Core) {
    this.#core = core
    this.#count = batched((userIds) => countUnreadOfEach(core.database.kysely, userIds))
  }

  /** To be called after the commit. @param dataWith the signal's data, with the count in it */
  send<D extends SignalDefinition>(definition: D, userId: number, dataWith: (unreadCount: number) => DataOf<D>): void {
    this.#count(userId).then(
      (count) => this.#core.services.realtime.signal(definition, userId, dataWith(count)),
      (error: unknown) => this.#core.log.warn({ err: error }, 'unread notifications could not be counted'),
    )
  }
}
