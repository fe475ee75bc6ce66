/**
 * The protocol of the gateway as a client must follow it, and the judge of whether the server keeps to it.
 *
 * What it does: keeps how far each topic has come, says where to resume, applies events to what the client knows, and
 * says which rooms are to be fetched anew.
 * What it finds wrong: an event that is not the next of its topic, a `ready` that does not stand where the replay ended,
 * anything of a room that the person is not in.
 */
import type { Ready } from '@confab/contract/gateway/frames'
import { applyEvent } from './apply.ts'
import type { EventFrame, SignalFrame } from './frames.ts'
import { emptyState, type RoomState, type State } from './state.ts'

/** What the owner of a follower is told. */
export type FollowerEvents = Readonly<{
  /** What is known of the room is to be fetched; then `fill`, with this filling. */
  onFetch(roomId: number, filling: Filling): void
  onViolation(what: string, topic: string): void
  onNote(topic: string, text: string): void
}>

/** A room that is to be fetched: the events that come meanwhile wait. A later one replaces it. */
export type Filling = { readonly waiting: EventFrame[] }

export class Follower {
  readonly state: State
  readonly #events: FollowerEvents
  /** How far each followed topic has come. */
  readonly #topics = new Map<string, number>()
  /** Rooms the person was added to, of which it is not known yet from where on they hear of them. */
  readonly #opening = new Set<string>()
  readonly #filling = new Map<number, Filling>()
  #epoch: string | undefined
  #isReady = false
  /** Rooms whose topic had a `resync` since the socket opened. */
  #resynced = new Set<string>()

  constructor(myId: number, events: FollowerEvents) {
    this.state = emptyState(myId)
    this.#events = events
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** The rooms that are known and up to date. */
  get rooms(): RoomState[] {
    return [...this.state.rooms.values()].filter(
      ({ id }) => !this.#filling.has(id) && !this.#opening.has(`room:${id}`) && this.#topics.has(`room:${id}`),
    )
  }

  get isFilling(): boolean {
    return this.#filling.size > 0
  }

  /** How far each followed topic has come. */
  positions(): Map<string, number> {
    return new Map(this.#topics)
  }

  /** A new socket: what to say in its `hello`. */
  begin(): { epoch: string; positions: Record<string, number> } | undefined {
    this.#isReady = false
    this.#resynced = new Set()
    if (this.#epoch === undefined) return undefined
    return { epoch: this.#epoch, positions: Object.fromEntries(this.positions()) }
  }

  onReady(ready: Ready): void {
    if (!ready.resumed) this.#forgetAll(ready)
    for (const [topic, seq] of Object.entries(ready.positions)) this.#settle(topic, seq)
    for (const topic of [...this.#topics.keys()]) {
      if (topic in ready.positions) continue
      const isTold = !this.#resynced.has(`user:${this.state.myId}`)
      if (isTold) this.#wrong(`ready leaves out ${topic}, and nobody said that it is gone`, topic)
      this.#leave(topic)
    }
    this.#opening.clear()
    this.#isReady = true
  }

  onResync(topic: string, seq: number): void {
    this.#events.onNote(topic, `${this.#me} resync at ${seq}`)
    if (this.#isReady && !this.#topics.has(topic) && !this.#opening.has(topic)) {
      this.#wrong(`resync of ${topic}, which nobody said is there`, topic)
    }
    this.#resynced.add(topic)
    this.#opening.delete(topic)
    this.#topics.set(topic, seq)
    this.#fetch(topic)
  }

  onEvent(event: EventFrame): void {
    const { topic, seq } = event
    this.#events.onNote(topic, `${this.#me} ${this.#isReady ? 'live' : 'replay'} ${seq} ${describe(event)}`)
    // Until the resync what was before is told by what is fetched.
    if (this.#opening.has(topic)) return
    const position = this.#topics.get(topic)
    if (position === undefined) {
      this.#wrong(`event ${seq} of ${topic}, which the person is not in`, topic)
      return
    }
    if (seq !== position + 1) {
      const what = seq <= position ? 'again' : 'with a gap before it'
      this.#wrong(`event ${seq} of ${topic} came ${what}: the last was ${position}`, topic)
      if (seq <= position) return
    }
    this.#topics.set(topic, seq)
    this.#apply(event)
  }

  onSignal({ type, data }: SignalFrame): void {
    if (type !== 'typing' && type !== 'receipt') return
    const topic = `room:${data.room}`
    if (this.#topics.has(topic) || this.#opening.has(topic)) return
    // What came before `ready` belongs to the rooms of the snapshot, which are not known yet.
    if (this.#isReady) this.#wrong(`${type} of ${topic}, which the person is not in`, topic)
  }

  /** Whether the room is still to be fetched: it may have been left meanwhile, or be fetched again. */
  isWanted(roomId: number, filling: Filling): boolean {
    return this.#filling.get(roomId) === filling
  }

  /** Puts in what was fetched of a room, and what happened since it was asked for. */
  fill(room: RoomState, filling: Filling): void {
    if (!this.isWanted(room.id, filling)) return
    this.#filling.delete(room.id)
    const known = this.state.rooms.get(room.id)
    room.isHidden = known?.isHidden ?? room.isHidden
    this.state.rooms.set(room.id, room)
    for (const event of filling.waiting) applyEvent(this.state, event)
  }

  get #me(): string {
    return `user ${this.state.myId}`
  }

  #wrong(what: string, topic: string): void {
    this.#events.onViolation(`${this.#me}: ${what}`, topic)
  }

  #forgetAll(ready: Ready): void {
    if (this.#epoch !== undefined) this.#wrong(`not resumed: epoch ${ready.epoch} instead of ${this.#epoch}`, 'user')
    this.#epoch = ready.epoch
    for (const topic of [...this.#topics.keys()]) this.#leave(topic)
    for (const topic of Object.keys(ready.positions)) this.#opening.add(topic)
  }

  /** A topic of `ready`: it stands where the replay ended, or begins here. */
  #settle(topic: string, seq: number): void {
    const position = this.#topics.get(topic)
    if (position === seq && !this.#opening.has(topic)) return
    if (position !== undefined && !this.#opening.has(topic)) {
      this.#wrong(`ready says that ${topic} is at ${seq}, the replay ended at ${position}`, topic)
    }
    this.#topics.set(topic, seq)
    this.#fetch(topic)
  }

  #fetch(topic: string): void {
    const id = roomIdOf(topic)
    if (id === undefined) return
    const filling: Filling = { waiting: [] }
    this.#filling.set(id, filling)
    this.#events.onFetch(id, filling)
  }

  #apply(event: EventFrame): void {
    const { topic, data, type } = event
    const id = roomIdOf(topic)
    const filling = id === undefined ? undefined : this.#filling.get(id)
    if (filling) filling.waiting.push(event)
    else applyEvent(this.state, event)
    if (type === 'room.deleted') this.#leave(`room:${data.room}`)
    else if (type === 'member.removed' && data.user_id === this.state.myId) this.#leave(topic)
    else if (type === 'room.created' && !this.#topics.has(`room:${data.room.id}`)) {
      this.#opening.add(`room:${data.room.id}`)
    }
  }

  #leave(topic: string): void {
    this.#topics.delete(topic)
    this.#opening.delete(topic)
    const id = roomIdOf(topic)
    if (id === undefined) return
    this.#filling.delete(id)
    this.state.rooms.delete(id)
  }
}

function roomIdOf(topic: string): number | undefined {
  return topic.startsWith('room:') ? Number(topic.slice('room:'.length)) : undefined
}

function describe({ type, data }: EventFrame): string {
  if ('message' in data) return `${type} ${data.message.no}`
  return `${type} ${JSON.stringify(data).slice(0, 120)}`
}
