import { TypingChanged } from '@confab/contract/typing/events'
import type { Actor, Core } from '../../ctx.ts'

declare module '../../ctx.ts' {
  interface Services {
    typing: Typing
  }
}

/** Somebody who has not said again that they are typing for this long has stopped. */
export const TYPING_EXPIRE_MS = 6_000

/** Clients say it again this often; what they say more often renews the expiry and is not passed on. */
export const TYPING_RENEW_MS = 3_000

type Typist = { id: number; username: string }
/** `isOwn` where the typist's socket is on this server: which alone tells when they stop. */
type Entry = { typist: Typist; timer: NodeJS.Timeout; toldAt: number; isOwn: boolean }

/** Who is typing where. The caller has made sure that the person is in the room. */
export class Typing {
  readonly #core: Core
  /** By room, then by person; those of other servers too. */
  readonly #rooms = new Map<number, Map<number, Entry>>()

  constructor(core: Core) {
    this.#core = core
    // What other servers tell is remembered, so that a frame of this one names everybody.
    core.services.realtime.observe(TypingChanged, ({ room, user, is_typing: isTyping }) => {
      if (this.#rooms.get(room)?.get(user.id)?.isOwn) return
      if (isTyping) this.#note(room, user, { isOwn: false })
      else this.#forget(room, user.id)
    })
  }

  /** Tells the room, the typist's own devices included, that somebody is typing. */
  start(actor: Actor, roomId: number, { isRepeatTold = false }: { isRepeatTold?: boolean } = {}): void {
    const entry = this.#note(roomId, { id: actor.id, username: actor.username }, { isOwn: true })
    const now = performance.now()
    if (!isRepeatTold && now - entry.toldAt < TYPING_RENEW_MS) return
    entry.toldAt = now
    this.#tell(roomId, entry.typist, true)
  }

  /** Tells the room that somebody stopped; a stop without a start tells nobody. */
  stop(actor: Pick<Actor, 'id'>, roomId: number): void {
    const entry = this.#forget(roomId, actor.id)
    if (entry) this.#tell(roomId, entry.typist, false)
  }

  /** Who is typing in a room. */
  listTypists(roomId: number): Typist[] {
    return [...(this.#rooms.get(roomId)?.values() ?? [])].map((entry) => entry.typist)
  }

  #note(roomId: number, { id, username }: Typist, { isOwn }: { isOwn: boolean }): Entry {
    const room = this.#rooms.get(roomId) ?? new Map<number, Entry>()
    this.#rooms.set(roomId, room)
    const known = room.get(id)
    clearTimeout(known?.timer)
    const timer = setTimeout(() => (isOwn ? this.stop({ id }, roomId) : this.#forget(roomId, id)), TYPING_EXPIRE_MS)
    timer.unref()
    const entry = { typist: { id, username }, timer, toldAt: known?.toldAt ?? Number.NEGATIVE_INFINITY, isOwn }
    room.set(id, entry)
    return entry
  }

  #forget(roomId: number, userId: number): Entry | undefined {
    const room = this.#rooms.get(roomId)
    const entry = room?.get(userId)
    clearTimeout(entry?.timer)
    room?.delete(userId)
    if (room?.size === 0) this.#rooms.delete(roomId)
    return entry
  }

  #tell(roomId: number, user: Typist, isTyping: boolean): void {
    const typists = this.listTypists(roomId)
    const data = { room: roomId, user, is_typing: isTyping, typists }
    this.#core.services.realtime.signal(TypingChanged, roomId, data)
  }
}
