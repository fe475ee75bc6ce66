/** Does one thing after the other: of two that are under way at once each would undo what the other did. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #shared: Promise<void> | undefined

  /** Does it when all that was asked for before is done. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work)
    this.#last = result
    return result
  }

  /** The same, once for all who ask for it until it is done. */
  share(work: () => Promise<void>): Promise<void> {
    this.#shared ??= this.take(work).finally(() => {
      this.#shared = undefined
    })
    return this.#shared
  }
}
