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
  /** Of the last second: a mark that still has to be told, or none. */
  readonly #recent = new Map<string, Receipt | undefined>()

  constructor(core: Core) {
    this.#core = core
  }

  /** Tells the room of a mark, unless one that is further was told already. */
  tell(receipt: Receipt): void {
    const key = `${receipt.room}:${receipt.user.id}`
    if (!this.#recent.has(key)) {
      this.#send(key, receipt)
      return
    }
    const waiting = this.#recent.get(key)
    if (!waiting || waiting.no < receipt.no) this.#recent.set(key, receipt)
  }

  #send(key: string, receipt: Receipt): void {
    this.#core.services.realtime.signal(ReceiptMoved, receipt.room, receipt)
    this.#recent.set(key, undefined)
    setTimeout(() => {
      const waiting = this.#recent.get(key)
      this.#recent.delete(key)
      if (waiting) this.#send(key, waiting)
    }, EVERY_MS).unref()
  }
}
