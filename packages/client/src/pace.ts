import { Alarm, elapsedMs } from './timers.ts'

/** The server takes a burst of 60 frames and 20 a second after that, and does not carry out what is more. */
const BURST = 50
const MS_PER_FRAME = 60

/** Sends frames in order, and no faster than the server takes them. */
export class Pace {
  readonly #send: (text: string) => void
  #queue: string[] = []
  readonly #alarm = new Alarm()
  #tokens = BURST
  #filledAt = elapsedMs()

  constructor(send: (text: string) => void) {
    this.#send = send
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
    this.#tokens = Math.min(BURST, this.#tokens + (now - this.#filledAt) / MS_PER_FRAME)
    this.#filledAt = now
    while (this.#queue.length > 0 && this.#tokens >= 1) {
      this.#tokens -= 1
      this.#send(this.#queue.shift() ?? '')
    }
    if (this.#queue.length > 0) this.#alarm.set(MS_PER_FRAME, () => this.#flush())
  }
}
