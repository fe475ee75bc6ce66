/**
 * Keeps what is looked at up to date: whatever the model marks as not certain is fetched anew while there is a
 * connection, soon but not at every frame, and again with backoff where that fails.
 */

import type { State } from './state.ts'
import type { Store } from './store.ts'
import { Alarm, backoffMs, elapsedMs } from './timers.ts'

/** Something that may have to be fetched, or several of a kind, each of which fails and is tried again by itself. */
export type Chore = Readonly<{
  /** Which of them are due, by their ids. */
  listDue(state: State): readonly number[]
  run(id: number): Promise<unknown>
  /** What happens within this time is one reason to fetch; after it was fetched, there is a rest of five times that. */
  gatherMs: number
}>

/** Due or not, of what there is one of. */
export function one(isDue: (state: State) => boolean): Chore['listDue'] {
  return (state) => (isDue(state) ? [0] : [])
}

export class Upkeep {
  readonly #store: Store<State>
  readonly #chores: readonly Readonly<{ chore: Chore; tasks: Map<number, Task> }>[]
  #stop = () => {}

  constructor(store: Store<State>, chores: readonly Chore[]) {
    this.#store = store
    this.#chores = chores.map((chore) => ({ chore, tasks: new Map() }))
  }

  start(): void {
    this.stop()
    this.#stop = this.#store.subscribe(() => this.#look())
    this.#look()
  }

  stop(): void {
    this.#stop()
    for (const { tasks } of this.#chores) for (const task of tasks.values()) task.stop()
  }

  #look(): void {
    const state = this.#store.get()
    for (const { chore, tasks } of this.#chores) {
      const due = new Set(state.status === 'live' ? chore.listDue(state) : [])
      for (const id of due) if (!tasks.has(id)) tasks.set(id, this.#makeTask(chore, id))
      for (const [id, task] of tasks) {
        task.look(due.has(id))
        if (!due.has(id) && task.isOver) tasks.delete(id)
      }
    }
  }

  #makeTask(chore: Chore, id: number): Task {
    return new Task({ run: () => chore.run(id), gatherMs: chore.gatherMs, onDone: () => this.#look() })
  }
}

type TaskOptions = Readonly<{ run(): Promise<unknown>; gatherMs: number; onDone(): void }>

class Task {
  readonly #options: TaskOptions
  readonly #alarm = new Alarm()
  #isRunning = false
  #failures = 0
  #restUntil = Number.NEGATIVE_INFINITY

  constructor(options: TaskOptions) {
    this.#options = options
  }

  /** Whether there is nothing more to remember of it. */
  get isOver(): boolean {
    return !this.#isRunning && this.#restUntil <= elapsedMs()
  }

  /** Begins it soon where it is due; what is not due any more need not wait when it is again. */
  look(isDue: boolean): void {
    if (this.#isRunning) return
    if (!isDue) {
      this.#alarm.clear()
      this.#failures = 0
    } else if (!this.#alarm.isSet) this.#begin()
  }

  #begin(): void {
    const { gatherMs } = this.#options
    const rest = this.#restUntil - elapsedMs()
    const wait = this.#failures > 0 ? backoffMs(this.#failures, true) : 0
    this.#alarm.set(Math.max(gatherMs, rest, wait), () => this.#run())
  }

  stop(): void {
    this.#alarm.clear()
    this.#failures = 0
    this.#restUntil = Number.NEGATIVE_INFINITY
  }

  #run(): void {
    this.#isRunning = true
    this.#options
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
        this.#restUntil = elapsedMs() + this.#options.gatherMs * 5
        this.#options.onDone()
      })
  }
}
