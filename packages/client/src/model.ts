/**
 * The local model: the state, and the two ways in which it changes, by what the server tells and by what is fetched.
 *
 * Guarantees: an answer that was on its way while something happened does not undo it: what was told since the request
 * began is applied to the answer again before it counts.
 */
import { applyFrame } from './apply-event.ts'
import type { Frame } from './frames.ts'
import { emptyState, type State } from './state.ts'
import { Store } from './store.ts'
import { elapsedMs } from './timers.ts'

/** How an answer becomes part of the state. */
export type Fetching<T> = Readonly<{
  load(): Promise<T>
  /** The state with the answer in it, as if nothing had happened since it was asked for. */
  merge(state: State, answer: T): State
  /** Takes over what the answer is about, and nothing else, from one state into another. */
  pick(from: State, into: State, told: readonly Frame[]): State
}>

export class Model {
  readonly store = new Store<State>(emptyState)
  /** Whose model it is; 0 while nobody is logged in. */
  #me = 0
  readonly #journals = new Set<Frame[]>()
  /** Counts the states that came whole, or in which something was forgotten: what was asked for before may be older. */
  #wholes = 0
  /** What the server's clock is ahead of one that nobody sets; until it is known the device's is taken for it. */
  #serverAheadMs = Date.now() - elapsedMs()

  get state(): State {
    return this.store.get()
  }

  get me(): number {
    return this.#me
  }

  /** Another number after each time that what passes without a trace may have been missed. */
  get wholes(): number {
    return this.#wholes
  }

  /** The server's time, in ms since 1970. */
  get serverNow(): number {
    return elapsedMs() + this.#serverAheadMs
  }

  /** Takes over what the server's time is. */
  setServerNow(ms: number): void {
    this.#serverAheadMs = ms - elapsedMs()
  }

  /** Begins anew, for somebody. */
  reset(me: number): void {
    this.#me = me
    this.store.set(emptyState)
  }

  /** Takes over a state that came whole from another tab. */
  replace(change: (state: State) => State): void {
    this.#wholes += 1
    this.store.update(change)
  }

  /** Tells those who keep the model up to date that there is something else to do, though nothing in it has changed. */
  tellDue(): void {
    this.store.update((state) => ({ ...state }))
  }

  /** What the server told. */
  apply(frame: Frame): void {
    if (frame.type === 'ready' || frame.type === 'resync') this.#wholes += 1
    if (frame.type === 'ready') this.setServerNow(Date.parse(frame.server_time))
    for (const journal of this.#journals) journal.push(frame)
    this.store.update((state) => this.#after(state, frame))
  }

  /** Fetches something into the state. @throws what `load` throws */
  async fetch<T>({ load, merge, pick }: Fetching<T>): Promise<T> {
    const me = this.#me
    for (;;) {
      const wholes = this.#wholes
      const { answer, told } = await this.#loadWithJournal(load)
      if (me !== this.#me) return answer
      if (wholes !== this.#wholes) continue
      this.store.update((state) => {
        const caughtUp = told.reduce((next, frame) => this.#after(next, frame), merge(state, answer))
        return pick(caughtUp, state, told)
      })
      return answer
    }
  }

  async #loadWithJournal<T>(load: () => Promise<T>): Promise<{ answer: T; told: Frame[] }> {
    const told: Frame[] = []
    this.#journals.add(told)
    try {
      return { answer: await load(), told }
    } finally {
      this.#journals.delete(told)
    }
  }

  #after(state: State, frame: Frame): State {
    return applyFrame(state, frame, { me: this.#me, now: Date.now() })
  }
}
