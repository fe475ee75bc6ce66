/**
 * Who is online on the other servers, and with how many sockets.
 *
 * What it does: each server tells the others over the bus whom it has, change by change, each change numbered, and every
 * `BEAT_MS` the number it has reached. A server that misses a number, or meets another for the first time, asks for the
 * whole list.
 * Guarantees: what is known of another server is at most one beat old while the bus is up. A server that was not heard
 * of for `SILENT_MS`, or that said it was leaving and for how long its people still count, is forgotten with its people.
 * On failure: while the bus is down nobody is taken for gone; after `SILENT_MS` each server answers for itself alone. The
 * sockets of a server that may be gone are counted no more, so that nobody is locked out who comes from there.
 */
import { randomBytes } from 'node:crypto'
import type { Realtime } from '../../realtime/realtime.ts'

/** What one server knows of another. */
type Known = {
  /** Who is online there, and how many sockets of theirs are open. */
  people: Map<number, number>
  /** The number of its last change that is known here; undefined until its list was read. */
  seq: number | undefined
  /** When it was last heard of, by this process' own clock, in milliseconds: the time of day may step. */
  heardAt: number
  /** When it is forgotten unless it is heard of, by the same clock. */
  until: number
  isLeaving: boolean
  /** The parts of its list that have come, of the number below. */
  parts: (readonly [number, number])[][]
  partsSeq: number
}

export type ElsewhereOptions = Readonly<{
  realtime: Pick<Realtime, 'notify' | 'onNotice' | 'bus'>
  /** Who is online here, and how many sockets of theirs are open. */
  listPeople(): Iterable<readonly [userId: number, sockets: number]>
  /** People whose server is gone, and when it was last heard of. They may be online on another. */
  onGone(people: readonly number[], at: Date): void
  /** People who have left another server, which may have told nobody because it took them for online elsewhere. */
  onLeft(people: readonly number[]): void
  /** People of whom another server says to everyone that they are offline. They may be online here by now. */
  onTold(people: readonly number[]): void
  /** People of whom it was told how many sockets they have on another server. */
  onCounted(people: readonly number[]): void
}>

/** What has changed on this server. */
export type Moves = Readonly<{
  /** Who has come online. */
  on: readonly number[]
  /** Who has gone offline. */
  off: readonly number[]
  /** Of these, of whom nobody was told here, because they were taken for online elsewhere. */
  untold: readonly number[]
  /** Who has opened or closed a socket, and how many they have now. */
  counted: readonly (readonly [userId: number, sockets: number])[]
}>

/** Open sockets of somebody on other servers. */
export type SocketsElsewhere = Readonly<{
  all: number
  /** Of these, those on servers that come before this one in an order that is the same on all. */
  before: number
}>

const BEAT_MS = 5_000
const SILENT_MS = 30_000

/** The sockets of a server that was not heard of for this long are not held against anybody any more. */
const COUNTED_MS = 12_000

/** People in one notice. */
const PART = 10_000

const CHANGED = 'presence.changed'
const BEAT = 'presence.beat'
const ASKED = 'presence.asked'
const LISTED = 'presence.listed'
const LEAVING = 'presence.leaving'

export class Elsewhere {
  /** Not the server's name, which an operator may give twice, and which outlives a restart. */
  readonly #self = randomBytes(8).toString('hex')
  readonly #options: ElsewhereOptions
  readonly #known = new Map<string, Known>()
  #seq = 0
  #isBusDown = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: ElsewhereOptions) {
    this.#options = options
    this.#on(CHANGED, (node, data) => this.#onChanged(node, data))
    this.#on(BEAT, (node, data) => this.#onBeat(node, data))
    this.#on(LISTED, (node, data) => this.#onListed(node, data))
    this.#on(LEAVING, (node, data) => this.#onLeaving(node, data))
    this.#on(ASKED, (_node, data) => {
      if (data.whom === this.#self) this.#list()
    })
  }

  /** Makes itself known, and asks who is there. */
  start(): void {
    this.#beat({ isNew: true })
    this.#timer = setInterval(() => {
      this.#beat()
      this.#forgetSilent()
    }, BEAT_MS)
    this.#timer.unref()
  }

  /** Tells the others for how long, in milliseconds, the people of this server still count as online. */
  stop(graceMs: number): void {
    clearInterval(this.#timer)
    this.#notify(LEAVING, { graceMs })
  }

  /** Whether somebody is online on another server. */
  has(userId: number): boolean {
    for (const { people, until } of this.#known.values()) {
      if (people.has(userId) && (until > performance.now() || !this.#isBusDown)) return true
    }
    return false
  }

  /** How many sockets somebody has on other servers, as far as these are there for certain. */
  socketsOf(userId: number): SocketsElsewhere {
    if (this.#options.realtime.bus.state() === 'down') return { all: 0, before: 0 }
    const since = performance.now() - COUNTED_MS
    let all = 0
    let before = 0
    for (const [node, { people, heardAt, isLeaving }] of this.#known) {
      if (isLeaving || heardAt < since) continue
      const sockets = people.get(userId) ?? 0
      all += sockets
      if (node < this.#self) before += sockets
    }
    return { all, before }
  }

  /** Other servers that are known. */
  get size(): number {
    return this.#known.size
  }

  /** Tells the others what has changed here. */
  tell({ on, off, untold, counted }: Moves): void {
    if (on.length === 0 && off.length === 0 && counted.length === 0) return
    this.#seq += 1
    // Too many for one notice: the others find that they miss a change, and ask.
    if (on.length + off.length + counted.length > PART) this.#beat()
    else this.#notify(CHANGED, { seq: this.#seq, on, off, untold, sockets: counted.flat() })
  }

  #beat({ isNew = false } = {}): void {
    this.#notify(BEAT, { seq: this.#seq, isNew })
  }

  /** Answers everyone, since others may have missed the same change. */
  #list(): void {
    const people = [...this.#options.listPeople()]
    const count = Math.max(1, Math.ceil(people.length / PART))
    for (let part = 0; part < count; part++) {
      const some = people.slice(part * PART, (part + 1) * PART)
      const columns = { people: some.map(([userId]) => userId), sockets: some.map(([, sockets]) => sockets) }
      this.#notify(LISTED, { seq: this.#seq, part, count, ...columns })
    }
  }

  #onChanged(node: string, { seq, on, off, untold, sockets }: Record<string, unknown>): void {
    const known = this.#hear(node)
    if (known.seq === undefined || seq !== known.seq + 1) {
      this.#ask(node)
      return
    }
    known.seq = seq
    for (const id of numbersIn(on)) known.people.set(id, 0)
    const counted = pairsIn(numbersIn(sockets))
    for (const [id, count] of counted) if (known.people.has(id)) known.people.set(id, count)
    for (const id of numbersIn(off)) known.people.delete(id)
    const left = new Set(numbersIn(untold))
    if (left.size > 0) this.#options.onLeft([...left])
    this.#options.onTold(numbersIn(off).filter((id) => !left.has(id)))
    this.#options.onCounted(counted.map(([id]) => id))
  }

  #onBeat(node: string, { seq, isNew }: Record<string, unknown>): void {
    if (isNew === true) this.#beat()
    if (this.#hear(node).seq !== seq) this.#ask(node)
  }

  #onListed(node: string, { seq, part, count, people, sockets }: Record<string, unknown>): void {
    const known = this.#hear(node)
    if (typeof seq !== 'number' || typeof part !== 'number' || typeof count !== 'number') return
    if (known.partsSeq !== seq) known.parts = []
    known.partsSeq = seq
    const counts = numbersIn(sockets)
    known.parts[part] = numbersIn(people).map((id, index) => [id, counts[index] ?? 0])
    if (Object.keys(known.parts).length < count) return
    const before = known.people
    known.people = new Map(known.parts.flat())
    known.seq = seq
    known.parts = []
    const left = [...before.keys()].filter((id) => !known.people.has(id))
    if (left.length > 0) this.#options.onLeft(left)
    this.#options.onCounted([...known.people.keys()])
  }

  #onLeaving(node: string, { graceMs }: Record<string, unknown>): void {
    const known = this.#known.get(node)
    if (!known || typeof graceMs !== 'number') return
    known.isLeaving = true
    known.until = performance.now() + graceMs
    setTimeout(() => this.#forgetSilent(), graceMs + 1).unref()
  }

  #hear(node: string): Known {
    const heardAt = performance.now()
    const until = heardAt + SILENT_MS
    const known = this.#known.get(node)
    if (known && !known.isLeaving) Object.assign(known, { heardAt, until })
    if (known) return known
    const first: Known = {
      people: new Map(),
      seq: undefined,
      heardAt,
      until,
      isLeaving: false,
      parts: [],
      partsSeq: -1,
    }
    this.#known.set(node, first)
    return first
  }

  #ask(node: string): void {
    this.#notify(ASKED, { whom: node })
  }

  #forgetSilent(): void {
    const now = performance.now()
    const wasDown = this.#isBusDown
    this.#isBusDown = this.#options.realtime.bus.state() === 'down'
    // After an outage everyone has as much time to be heard of as ever.
    if (wasDown && !this.#isBusDown) for (const known of this.#known.values()) known.until = now + SILENT_MS
    if (this.#isBusDown) return
    for (const [node, known] of this.#known) {
      if (known.until > now) continue
      this.#known.delete(node)
      const silentMs = known.isLeaving ? 0 : now - known.heardAt
      if (known.people.size > 0) this.#options.onGone([...known.people.keys()], new Date(Date.now() - silentMs))
    }
  }

  #notify(type: string, data: Record<string, unknown>): void {
    this.#options.realtime.notify(type, { node: this.#self, ...data })
  }

  #on(type: string, handler: (node: string, data: Record<string, unknown>) => void): void {
    this.#options.realtime.onNotice(type, (data) => {
      if (typeof data.node === 'string' && data.node !== this.#self) handler(data.node, data)
    })
  }
}

function numbersIn(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((id: unknown) => typeof id === 'number') : []
}

/** Every two numbers of a list together. */
function pairsIn(list: readonly number[]): [number, number][] {
  return Array.from({ length: Math.floor(list.length / 2) }, (_, index) => [
    list[2 * index] ?? 0,
    list[2 * index + 1] ?? 0,
  ])
}
