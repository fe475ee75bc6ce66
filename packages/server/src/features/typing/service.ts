import { type DataOf, parseTopic, type Topic, topicOf } from '@confab/contract/define-event'
import { MemberRemoved } from '@confab/contract/rooms/events'
import { TypingChanged } from '@confab/contract/typing/events'
import type { Actor, Core } from '../../ctx.ts'
import type { Signal } from '../../realtime/bus.ts'

declare module '../../ctx.ts' {
  interface Services {
    typing: Typing
  }
}

/** Somebody who has not said again that they are typing for this long has stopped. */
export const TYPING_EXPIRE_MS = 6_000

/** Clients say it again this often; that somebody types in a room is passed on no more often, however often they stop. */
export const TYPING_RENEW_MS = 3_000

type Typist = { id: number; username: string }
/**
 * `isOwn` where the typist's socket is on this server: which alone tells when they stop. `isTold` once the room has heard
 * of it: until then nobody need hear that they stopped.
 */
type Entry = { typist: Typist; timer: NodeJS.Timeout; isTold: boolean; isOwn: boolean }

const keyOf = (roomId: number, userId: number) => `${roomId}:${userId}`

/** Who is typing where. The caller has made sure that the person is in the room. */
export class Typing {
  readonly #core: Core
  /** By room, then by person; those of other servers too. */
  readonly #rooms = new Map<number, Map<number, Entry>>()
  /** Of whom a room was told less than `TYPING_RENEW_MS` ago. Outlives their stop, and leaves by itself. */
  readonly #recent = new Set<string>()

  constructor(core: Core) {
    this.#core = core
    // What other servers tell is remembered, so that a frame of this one names everybody.
    core.services.realtime.observe(TypingChanged, ({ room, user, is_typing: isTyping }) => {
      if (this.#rooms.get(room)?.get(user.id)?.isOwn) return
      if (isTyping) this.#note(room, user, { isOwn: false })
      else this.#forget(room, user.id)
    })
    core.services.realtime.observe(MemberRemoved, ({ room, user_id: id }) => this.#end(room, id))
  }

  /**
   * Tells the room, the typist's own devices included, that somebody is typing. Within `TYPING_RENEW_MS` of the last time
   * it only renews the expiry; who stopped in between is told of when that time is over, if they are typing then.
   */
  start(actor: Actor, roomId: number): void {
    const entry = this.#note(roomId, { id: actor.id, username: actor.username }, { isOwn: true })
    if (!this.#recent.has(keyOf(roomId, actor.id))) this.#tellStart(roomId, entry)
  }

  /** Tells the room at once that somebody stopped; a stop without a start that was told tells nobody. */
  stop(actor: Pick<Actor, 'id'>, roomId: number): void {
    const entry = this.#forget(roomId, actor.id)
    if (entry?.isTold) this.#tell(roomId, entry.typist, false)
  }

  /** Who is typing in a room, as far as it was told: whose start waits is in no frame, as their stop would be in none. */
  listTypists(roomId: number): Typist[] {
    return [...(this.#rooms.get(roomId)?.values() ?? [])].filter(({ isTold }) => isTold).map(({ typist }) => typist)
  }

  /**
   * What somebody who has just come is to hear: of each of the topics where somebody else is typing, all who are. Costs
   * as much as there are topics or rooms with typists, whichever are fewer.
   */
  listSignals(viewerId: number, topics: ReadonlySet<Topic>): Signal[] {
    const rooms = topics.size < this.#rooms.size ? [...topics].map(roomIn) : [...this.#rooms.keys()]
    return rooms.flatMap((room) => {
      if (room === undefined || !topics.has(topicOf('room', room))) return []
      const typists = this.listTypists(room)
      const user = typists.findLast(({ id }) => id !== viewerId)
      if (!user) return []
      const data: DataOf<typeof TypingChanged> = { room, user, is_typing: true, typists }
      return [{ topic: topicOf('room', room), type: TypingChanged.name, data }]
    })
  }

  /** Somebody is not in the room any more. Only the server that told of their typing tells that it is over. */
  #end(roomId: number, userId: number): void {
    const entry = this.#rooms.get(roomId)?.get(userId)
    if (entry?.isOwn) this.stop({ id: userId }, roomId)
    else this.#forget(roomId, userId)
  }

  #note(roomId: number, { id, username }: Typist, { isOwn }: { isOwn: boolean }): Entry {
    const room = this.#rooms.get(roomId) ?? new Map<number, Entry>()
    this.#rooms.set(roomId, room)
    const known = room.get(id)
    clearTimeout(known?.timer)
    const timer = setTimeout(() => (isOwn ? this.stop({ id }, roomId) : this.#forget(roomId, id)), TYPING_EXPIRE_MS)
    timer.unref()
    // Another server's frame has been told already; one's own counts as told only by this server.
    const entry = { typist: { id, username }, timer, isTold: !isOwn || (known?.isOwn === true && known.isTold), isOwn }
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

  #tellStart(roomId: number, entry: Entry): void {
    entry.isTold = true
    this.#remember(roomId, entry.typist.id)
    this.#tell(roomId, entry.typist, true)
  }

  /** Keeps for `TYPING_RENEW_MS` that the room was told, and tells it then of a start that came after a stop. */
  #remember(roomId: number, userId: number): void {
    const key = keyOf(roomId, userId)
    this.#recent.add(key)
    const timer = setTimeout(() => {
      this.#recent.delete(key)
      const entry = this.#rooms.get(roomId)?.get(userId)
      if (entry && !entry.isTold) this.#tellStart(roomId, entry)
    }, TYPING_RENEW_MS)
    timer.unref()
  }

  #tell(roomId: number, user: Typist, isTyping: boolean): void {
    const typists = this.listTypists(roomId)
    const data = { room: roomId, user, is_typing: isTyping, typists }
    this.#core.services.realtime.signal(TypingChanged, roomId, data)
  }
}

function roomIn(topic: Topic): number | undefined {
  const { kind, id } = parseTopic(topic)
  return kind === 'room' ? id : undefined
}
