import type { DataOf } from '@confab/contract/define-event'
import { UserDeleted } from '@confab/contract/privacy/events'
import { ReceiptMoved } from '@confab/contract/receipts/events'
import { MemberRemoved } from '@confab/contract/rooms/events'
import type { Core } from '../../ctx.ts'
import { batched } from '../../lib/batched.ts'
import { areMembers } from '../rooms/access.ts'

declare module '../../ctx.ts' {
  interface Services {
    receiptSignals: ReceiptSignals
  }
}

/** Somebody who scrolls through a room moves their mark many times a second; the room hears of it this often. */
const EVERY_MS = 1_000

type Receipt = DataOf<typeof ReceiptMoved>

/** Of the last second: how far was told, and a mark beyond it that still has to be. */
type Recent = { toldNo: number; waiting: Receipt | undefined; readonly timer: NodeJS.Timeout }

const keyOf = (roomId: number, userId: number) => `${roomId}:${userId}`

/** Whether somebody is in a room now. */
type IsInRoom = (asked: { roomId: number; userId: number }) => Promise<boolean>

/**
 * Tells rooms who has read how far: at once, then at most once a second for each person and room, the latest mark. What
 * waited is told only where its reader is still in the room: who was told that they left keeps nothing of theirs. The room
 * is asked for it, since this server hears of removals only from rooms that its own sockets follow; what it hears counts at
 * once, also while the answer is under way.
 */
export class ReceiptSignals {
  readonly #core: Core
  readonly #isInRoom: IsInRoom
  readonly #recent = new Map<string, Recent>()
  /** Marks whose second is over, and whose room is being asked. */
  readonly #asking = new Set<Promise<void>>()
  #isStopped = false

  /** @param isInRoom asked of those whose mark has waited, at most once a second for each of them */
  constructor(core: Core, isInRoom: IsInRoom = batched((asked) => areMembers(core.database.kysely, asked))) {
    this.#core = core
    this.#isInRoom = isInRoom
    const { realtime } = core.services
    realtime.observe(MemberRemoved, ({ room, user_id: userId }) => this.#forget(keyOf(room, userId)))
    realtime.observe(UserDeleted, ({ room, user }) => this.#forget(keyOf(room, user.id)))
  }

  /** Tells the room of a mark, unless one that is further was told already. Its reader is in the room. */
  tell(receipt: Receipt): void {
    if (this.#isStopped) return
    const key = keyOf(receipt.room, receipt.user.id)
    const recent = this.#recent.get(key)
    if (!recent) this.#send(key, receipt)
    else if (receipt.no > (recent.waiting?.no ?? recent.toldNo)) recent.waiting = receipt
  }

  /** Tells nothing any more, also of what waits. The database is asked for nothing once this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const { timer } of this.#recent.values()) clearTimeout(timer)
    this.#recent.clear()
    await Promise.all(this.#asking)
  }

  #forget(key: string): void {
    clearTimeout(this.#recent.get(key)?.timer)
    this.#recent.delete(key)
  }

  #send(key: string, receipt: Receipt): void {
    this.#core.services.realtime.signal(ReceiptMoved, receipt.room, receipt)
    const timer = setTimeout(() => this.#endSecond(key, recent), EVERY_MS).unref()
    const recent: Recent = { toldNo: receipt.no, waiting: undefined, timer }
    this.#recent.set(key, recent)
  }

  #endSecond(key: string, recent: Recent): void {
    const asking = this.#sendWaiting(key, recent).finally(() => this.#asking.delete(asking))
    this.#asking.add(asking)
  }

  async #sendWaiting(key: string, recent: Recent): Promise<void> {
    const isThere = recent.waiting !== undefined && (await this.#isThere(recent.waiting))
    // Meanwhile it was stopped, or the reader left.
    if (this.#recent.get(key) !== recent) return
    this.#recent.delete(key)
    // The mark may have moved on while the room was asked for.
    if (isThere && recent.waiting) this.#send(key, recent.waiting)
  }

  async #isThere({ room, user }: Receipt): Promise<boolean> {
    try {
      return await this.#isInRoom({ roomId: room, userId: user.id })
    } catch (error) {
      this.#core.log.warn({ err: error }, 'a room was not told who has read how far')
      return false
    }
  }
}
