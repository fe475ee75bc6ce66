import type { Link } from '../connection.ts'
import type { Model } from '../model.ts'
import { elapsedMs } from '../timers.ts'

/** Says that one is typing: as often as one likes, it is told as often as it has to be. */
export class TypingApi {
  readonly #model: Model
  readonly #link: () => Link | undefined
  readonly #toldAt = new Map<number, number>()

  constructor(model: Model, link: () => Link | undefined) {
    this.#model = model
    this.#link = link
  }

  /** To be called with every key. Without a connection nobody is told. */
  start(room: number): void {
    const now = elapsedMs()
    const renewMs = this.#model.state.limits?.typing_renew_ms ?? 3_000
    if (now - (this.#toldAt.get(room) ?? Number.NEGATIVE_INFINITY) < renewMs) return
    this.#toldAt.set(room, now)
    this.#say('typing.start', room)
  }

  /** To be called when what was typed is gone; sending it says so, too. */
  stop(room: number): void {
    if (this.#toldAt.delete(room)) this.#say('typing.stop', room)
  }

  #say(name: 'typing.start' | 'typing.stop', room: number): void {
    if (this.#model.state.status !== 'live') return
    // A state that passes anyway: whoever is not told now is told the next time.
    this.#link()
      ?.command(name, { room })
      .catch(() => {})
  }
}
