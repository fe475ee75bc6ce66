import type { DataOf } from '@confab/contract/define-event'
import { ReceiptMoved } from '@confab/contract/receipts/events'
import type { Core } from '../../ctx.ts'

declare module '../../ctx.ts' {
  interface Services {
    receiptSignals: ReceiptSignals
  }
}

/** Somebody who scrolls through a room moves their mark many times a second; the room hears of it this often. */
const EVERY_MS = 1_000

type Receipt = DataOf<typeof ReceiptMoved>

/** Tells rooms who has read how far: at once, then at most once a second for each person and room, the latest mark. */
export class ReceiptSignals {
  readonly #core: Core
  /** Of the last second: how far was told, and a mark beyond it that still has to be. */
  readonly #recent = new Map<string, { toldNo: number; waiting: Receipt | undefined }>()

  constructor(core: Core) {
    this.#core = core
  }

  /** Tells the room of a mark, unless one that is further was told already. */
  tell(receipt: Receipt): void {
    const key = `${receipt.room}:${receipt.user.id}`
    const recent = this.#recent.get(key)
    if (!recent) this.#send(key, receipt)
    else if (receipt.no > (recent.waiting?.no ?? recent.toldNo)) recent.waiting = receipt
  }

  #send(key: string, receipt: Receipt): void {
    this.#core.services.realtime.signal(ReceiptMoved, receipt.room, receipt)
    const recent: { toldNo: number; waiting: Receipt | undefined } = { toldNo: receipt.no, waiting: undefined }
    this.#recent.set(key, recent)
    setTimeout(() => {
      this.#recent.delete(key)
      if (recent.waiting) this.#send(key, recent.waiting)
    }, EVERY_MS).unref()
  }
}
