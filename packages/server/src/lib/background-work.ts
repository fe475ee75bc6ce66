/** How often work is done, and what becomes of its failures. */
export type Schedule = Readonly<{
  /** Milliseconds from one time that it is done without being asked for to the next. */
  everyMs: number
  onFailure(error: unknown): void
}>

/**
 * Work that is done in the background when it is asked for, and from time to time without: one run at a time. What is asked
 * for while it is under way is done once more after it, so that nothing is missed that came too late for the run.
 */
export class BackgroundWork {
  readonly #work: () => Promise<unknown>
  readonly #schedule: Schedule
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isAsked = false
  #isStopped = false

  constructor(work: () => Promise<unknown>, schedule: Schedule) {
    this.#work = work
    this.#schedule = schedule
  }

  /** Work that consists of many parts ends before its next one then. */
  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Begins with what was left behind. The timer keeps no process alive. */
  start(): void {
    this.wake()
    this.#timer = setInterval(() => this.wake(), this.#schedule.everyMs)
    this.#timer.unref()
  }

  /** Waits for the run under way, and begins no other. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.#running
  }

  /** Says that there is something to do. */
  wake(): void {
    this.#isAsked = true
    if (!this.#isStopped) this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAsked && !this.#isStopped) {
        this.#isAsked = false
        await this.#workOnce()
      }
    } finally {
      // In the same turn as the last look at it: who asks from here on begins a run.
      this.#running = undefined
    }
  }

  async #workOnce(): Promise<void> {
    try {
      await this.#work()
    } catch (error) {
      this.#schedule.onFailure(error)
    }
  }
}
