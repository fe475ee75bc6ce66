import { Alarm, elapsedMs } from './timers.ts'

/** Until the server has said how many frames it takes; what is more it does not carry out. */
const USUAL_PER_SECOND = 20

/** A server takes what comes in three seconds at once. Somewhat less of both is surely taken. */
const burstOf = (perSecond: number) => (perSecond === 0 ? Number.POSITIVE_INFINITY : Math.floor(perSecond * 2.5))
const msPerFrameOf = (perSecond: number) => 1_200 / (perSecond || USUAL_PER_SECOND)

/** Sends frames in order, and no faster than the server takes them. */
export class Pace {
  readonly #send: (text: string) => void
  #queue: string[] = []
  readonly #alarm = new Alarm()
  #burst = burstOf(USUAL_PER_SECOND)
  #msPerFrame = msPerFrameOf(USUAL_PER_SECOND)
  #tokens = this.#burst
  #filledAt = elapsedMs()

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  /** The server has said how many frames it takes in a second; 0 is as many as one likes. */
  setLimit(perSecond: number): void {
    // What was sent already counts.
    this.#tokens += burstOf(perSecond) - this.#burst
    this.#burst = burstOf(perSecond)
    this.#msPerFrame = msPerFrameOf(perSecond)
  }

  send(text: string): void {
    this.#queue.push(text)
    if (!this.#alarm.isSet) this.#flush()
  }

  /** Forgets what was not sent. */
  stop(): void {
    this.#alarm.clear()
    this.#queue = []
  }

  #flush(): void {
    const now = elapsedMs()
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) / this.#msPerFrame)
    this.#filledAt = now
    while (this.#queue.length > 0 && this.#tokens >= 1) {
      this.#tokens -= 1
      this.#send(this.#queue.shift() ?? '')
    }
    if (this.#queue.length > 0) this.#alarm.set(this.#msPerFrame, () => this.#flush())
  }
}
