/** A value that changes, and those who want to know. */

/** Whether two selected values count as the same. */
export type IsEqual<T> = (one: T, other: T) => boolean

/** A value that is replaced as a whole, and a way to hear of that; made for `useSyncExternalStore` and its like. */
export class Store<S> {
  #value: S
  readonly #listeners = new Set<() => void>()
  #isTelling = false

  constructor(value: S) {
    this.#value = value
  }

  /** The value now. */
  get(): S {
    return this.#value
  }

  /** Replaces the value. Listeners are told in the same turn of the event loop, after the code that runs now. */
  set(value: S): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    this.#tellSoon()
  }

  /** Replaces the value by what is made of it. */
  update(change: (value: S) => S): void {
    this.set(change(this.#value))
  }

  /** Called after every change; changes of one turn of the event loop come as one. Answers how to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called with a part of the value whenever that part is another. Answers how to stop listening. */
  select<T>(selector: (value: S) => T, listener: (selected: T) => void, isEqual: IsEqual<T> = Object.is): () => void {
    let known = selector(this.#value)
    return this.subscribe(() => {
      const selected = selector(this.#value)
      if (isEqual(known, selected)) return
      known = selected
      listener(selected)
    })
  }

  /** Resolves as soon as a part of the value is there: anything but undefined and false. */
  when<T>(selector: (value: S) => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      let stop = () => {}
      const look = () => {
        const selected = selector(this.#value)
        if (selected === undefined || selected === false) return
        stop()
        resolve(selected)
      }
      stop = this.subscribe(look)
      look()
    })
  }

  #tellSoon(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    queueMicrotask(() => {
      this.#isTelling = false
      for (const listener of [...this.#listeners]) listener()
    })
  }
}
