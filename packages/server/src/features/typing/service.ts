import { TypingChanged } from '@confab/contract/typing/events'
import type { Actor, Core } from '../../ctx.ts'

declare module '../../ctx.ts' {
  interface Services {
    typing: Typing
  }
}

/** Somebody who has not said again that they are typing for this long has stopped. */
const EXPIRY_MS = 8_000

/** Who is typing where. The caller has made sure that the person is in the room. */
export class Typing {
  readonly #core: Core
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(core: Core) {
    this.#core = core
  }

  /** Tells the room, the typist's own devices included, that somebody is typing. */
  start(actor: Actor, roomId: number): void {
    const key = `${roomId}:${actor.id}`
    clearTimeout(this.#timers.get(key))
    const timer = setTimeout(() => this.stop(actor, roomId), EXPIRY_MS)
    timer.unref()
    this.#timers.set(key, timer)
    this.#tell(actor, roomId, true)
  }

  /** Tells the room that somebody stopped; a stop without a start tells nobody. */
  stop(actor: Actor, roomId: number): void {
    const key = `${roomId}:${actor.id}`
    const timer = this.#timers.get(key)
    if (!timer) return
    clearTimeout(timer)
    this.#timers.delete(key)
    this.#tell(actor, roomId, false)
  }

  #tell(actor: Actor, roomId: number, isTyping: boolean): void {
    this.#core.services.realtime.signal(TypingChanged, roomId, {
      room: roomId,
      user: { id: actor.id, username: actor.username },
      is_typing: isTyping,
    })
  }
}
