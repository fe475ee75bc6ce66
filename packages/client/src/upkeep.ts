/**
 * Keeps what is looked at up to date: whatever the model marks as not certain is fetched anew while there is a
 * connection, soon but not at every frame, and again with backoff where that fails.
 */

import type { State } from './state.ts'
import type { Store } from './store.ts'
import { Alarm, backoffMs, elapsedMs } from './timers.ts'

/** Something that may have to be fetched. */
export type Chore = Readonly<{
  isDue(state: State): boolean
  run(): Promise<unknown>
  /** What happens within this time is one reason to fetch; after it was fetched, there is a rest of five times that. */
  gatherMs: number
}>

export class Upkeep {
  readonly #store: Store<State>
  readonly #tasks: readonly Task[]
  #stop = () => {}

  constructor(store: Store<State>, chores: readonly Chore[]) {
    this.#store = store
    this.#tasks = chores.map((chore) => new Task(chore, () => this.#isDue(chore)))
  }

  start(): void {
    this.stop()
    this.#stop = this.#store.subscribe(() => this.#look())
    this.#look()
  }

  stop(): void {
    this.#stop()
    for (const task of this.#tasks) task.stop()
  }

  #look(): void {
    for (const task of this.#tasks) task.look()
  }

  #isDue(chore: Chore): boolean {
    const state = this.#store.get()
    return state.status === 'live' && chore.isDue(state)
  }
}

class Task {
  readonly #chore: Chore
  readonly #isDue: () => boolean
  readonly #alarm = new Alarm()
  #isRunning = false
  #failures = 0
  #ranAt = Number.NEGATIVE_INFINITY

  constructor(chore: Chore, isDue: () => boolean) {
    this.#chore = chore
    this.#isDue = isDue
  }

  look(): void {
    if (this.#isRunning || this.#alarm.isSet || !this.#isDue()) return
    const { gatherMs } = this.#chore
    const rest = this.#ranAt + gatherMs * 5 - elapsedMs()
    const wait = this.#failures > 0 ? backoffMs(this.#failures, true) : 0
    this.#alarm.set(Math.max(gatherMs, rest, wait), () => this.#run())
  }

  stop(): void {
    this.#alarm.clear()
    this.#failures = 0
    this.#ranAt = Number.NEGATIVE_INFINITY
  }

  #run(): void {
    if (!this.#isDue()) return
    this.#isRunning = true
    this.#chore
      .run()
      .then(
        () => {
          this.#failures = 0
        },
        () => {
          this.#failures += 1
        },
      )
      .finally(() => {
        this.#isRunning = false
        this.#ranAt = elapsedMs()
        this.look()
      })
  }
}
