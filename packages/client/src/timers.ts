/** The longest wait a timer holds: 31 bits of milliseconds, some 24 days. */
const LONGEST_MS = 2 ** 31 - 1

/** Milliseconds of a clock that nobody sets: what passes is measured by it, since the device's own may be put right meanwhile. */
export function elapsedMs(): number {
  return performance.now()
}

/** One thing that is to be done later; to set it again forgets the one before. */
export class Alarm {
  #timer: ReturnType<typeof setTimeout> | undefined

  set(ms: number, run: () => void): void {
    this.clear()
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        run()
      },
      Math.min(Math.max(ms, 0), LONGEST_MS),
    )
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  get isSet(): boolean {
    return this.#timer !== undefined
  }
}

const BASE_MS = 500
const CAP_MS = 30_000
/** A page that nobody sees need not hurry. */
const HIDDEN_CAP_MS = 120_000

/** Exponential backoff with full jitter: a random part of a wait that doubles with every failure in a row. */
export function backoffMs(failures: number, isVisible: boolean): number {
  return Math.random() * Math.min(isVisible ? CAP_MS : HIDDEN_CAP_MS, BASE_MS * 2 ** Math.min(failures, 20))
}
