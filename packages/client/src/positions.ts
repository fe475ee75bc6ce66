import { type Frame, isEvent } from './frames.ts'

/** Where a client is in the server's log, and in which log: what a resume begins with. */
export type Position = Readonly<{ epoch: string; positions: Readonly<Record<string, number>> }>

/** What is to be done with a frame: a `gap` means that something before it was not told. */
export type Verdict = 'apply' | 'drop' | 'gap'

/**
 * Keeps how far each topic has come, and judges every frame by it.
 *
 * Guarantees: of each topic every event is judged `apply` once and in order, or something is judged a `gap`.
 */
export class Positions {
  #epoch: string | undefined
  #seqs = new Map<string, number>()
  /** Before `ready` a resync says where a topic is; after it, events beyond it may have come already. */
  #isLive = false

  constructor(from?: Position) {
    if (from) this.restore(from)
  }

  /** Undefined until something is known. */
  get position(): Position | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, positions: Object.fromEntries(this.#seqs) }
  }

  /** Takes over where another is. */
  restore({ epoch, positions }: Position): void {
    this.#epoch = epoch
    this.#seqs = new Map(Object.entries(positions))
    this.#isLive = true
  }

  /** A new socket begins; what it tells before `ready` goes on from here. */
  begin(): void {
    this.#isLive = false
  }

  /** Judges a frame, and where it is to be applied counts it in. */
  take(frame: Frame): Verdict {
    if (frame.type === 'ready') {
      this.restore(frame)
      return 'apply'
    }
    if (frame.type === 'resync') {
      this.#resync(frame.topic, frame.seq)
      return 'apply'
    }
    return isEvent(frame) ? this.#takeEvent(frame.topic, frame.seq) : 'apply'
  }

  #resync(topic: string, seq: number): void {
    const known = this.#seqs.get(topic) ?? 0
    if (!this.#isLive) this.#seqs.set(topic, seq)
    else if (seq === 0) this.#seqs.delete(topic)
    else this.#seqs.set(topic, Math.max(seq, known))
  }

  #takeEvent(topic: string, seq: number): Verdict {
    const known = this.#seqs.get(topic)
    if (known !== undefined && seq <= known) return 'drop'
    if (known !== undefined && seq !== known + 1) return 'gap'
    // Of a topic that is new the first event may come before the resync that says where it is.
    this.#seqs.set(topic, seq)
    return 'apply'
  }
}
