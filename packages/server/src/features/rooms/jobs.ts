/**
 * What happens to deleted groups by itself: their messages, receipts and images go, some at a time, so that ending a
 * group of a million messages is as quick as ending an empty one.
 *
 * Guarantees: what was said in a deleted group is gone soon after, whichever server deleted it and however often one dies
 * in between. Any number of servers may do this at once: each group is the work of one of them at a time.
 * On failure: it is tried again an hour later.
 */
import type { Core } from '../../ctx.ts'
import { inTransaction } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { BackgroundWork } from '../../lib/background-work.ts'
import * as queries from './purge-queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    roomCleaner: RoomCleaner
  }
}

const CLEAN_EVERY_MS = 60 * 60 * 1000

/** Rows deleted by one statement. */
const BATCH = 2_000

/** The background work of a server on deleted groups. */
export class RoomCleaner {
  readonly #core: Core
  readonly #batch: number
  readonly #work: BackgroundWork

  /** @param options.batch rows deleted by one statement, where it is not to be the usual number */
  constructor(core: Core, options: { batch?: number } = {}) {
    this.#core = core
    this.#batch = options.batch ?? BATCH
    this.#work = new BackgroundWork(() => this.clean(), {
      everyMs: CLEAN_EVERY_MS,
      onFailure: (error) =>
        core.log.warn({ err: error }, 'purging deleted groups failed; it is tried again in an hour'),
    })
  }

  /** Begins with what was left behind. */
  start(): void {
    this.#work.start()
  }

  /** Finishes the batch under way and does no more. */
  stop(): Promise<void> {
    return this.#work.stop()
  }

  /** Says that there is something to do. */
  wake(): void {
    this.#work.wake()
  }

  /**
   * Purges all groups that are deleted by now, but for those that another server is busy with.
   *
   * @returns how many are done
   */
  async clean(): Promise<number> {
    let total = 0
    for (let step = await this.#step(); step !== 'idle' && !this.#work.isStopped; step = await this.#step()) {
      if (step === 'done') total += 1
    }
    return total
  }

  #step(): Promise<'idle' | 'more' | 'done'> {
    return inTransaction(this.#core, async (tx) => {
      const roomId = await queries.lockRoomToPurge(tx)
      if (roomId === undefined) return 'idle'
      if (await this.#deleteSome(tx, roomId)) return 'more'
      await this.#core.services.media.detachRoom(tx, roomId)
      await queries.setPurged(tx, roomId)
      return 'done'
    })
  }

  /** @returns whether there may be more to delete */
  async #deleteSome(tx: Tx, roomId: number): Promise<boolean> {
    if ((await queries.deleteMessages(tx, roomId, this.#batch)) === this.#batch) return true
    return (await queries.deleteReceipts(tx, roomId, this.#batch)) === this.#batch
  }
}
