/**
 * Who is online on the other servers.
 *
 * What it does: each server tells the others over the bus whom it has, change by change, each change numbered, and every
 * `BEAT_MS` the number it has reached. A server that misses a number, or meets another for the first time, asks for the
 * whole list.
 * Guarantees: what is known of another server is at most one beat old while the bus is up. A server that was not heard
 * of for `SILENT_MS`, or that said it was leaving and for how long its people still count, is forgotten with its people.
 * On failure: while the bus is down nobody is taken for gone; after `SILENT_MS` each server answers for itself alone.
 */
import { randomBytes } from 'node:crypto'
import type { Realtime } from '../../realtime/realtime.ts'

/** What one server knows of another. */
type Known = {
  people: Set<number>
  /** The number of its last change that is known here; undefined until its list was read. */
  seq: number | undefined
  /** When it is forgotten unless it is heard of, in milliseconds since 1970. */
  until: number
  isLeaving: boolean
  /** The parts of its list that have come, of the number below. */
  parts: number[][]
  partsSeq: number
}

export type ElsewhereOptions = Readonly<{
  realtime: Pick<Realtime, 'notify' | 'onNotice' | 'bus'>
  /** Who is online here. */
  listPeople(): Iterable<number>
  /** People whose server is gone, and when it was last heard of. They may be online on another. */
  onGone(people: readonly number[], at: Date): void
  /** People who have left another server, which may have told nobody because it took them for online elsewhere. */
  onLeft(people: readonly number[]): void
  /** People of whom another server says to everyone that they are offline. They may be online here by now. */
  onTold(people: readonly number[]): void
}>

const BEAT_MS = 5_000
const SILENT_MS = 30_000

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
      if (people.has(userId) && (until > Date.now() || !this.#isBusDown)) return true
    }
    return false
  }

  /** Other servers that are known. */
  get size(): number {
    return this.#known.size
  }

  /**
   * Tells the others who has come online here and who has gone offline; of the latter also of whom nobody was told here,
   * because they were taken for online elsewhere.
   */
  tell(on: readonly number[], off: readonly number[], untold: readonly number[]): void {
    if (on.length === 0 && off.length === 0) return
    this.#seq += 1
    // Too many for one notice: the others find that they miss a change, and ask.
    if (on.length + off.length > PART) this.#beat()
    else this.#notify(CHANGED, { seq: this.#seq, on, off, untold })
  }

  #beat({ isNew = false } = {}): void {
    this.#notify(BEAT, { seq: this.#seq, isNew })
  }

  /** Answers everyone, since others may have missed the same change. */
  #list(): void {
    const people = [...this.#options.listPeople()]
    const count = Math.max(1, Math.ceil(people.length / PART))
    for (let part = 0; part < count; part++) {
      this.#notify(LISTED, { seq: this.#seq, part, count, people: people.slice(part * PART, (part + 1) * PART) })
    }
  }

  #onChanged(node: string, { seq, on, off, untold }: Record<string, unknown>): void {
    const known = this.#hear(node)
    if (known.seq === undefined || seq !== known.seq + 1) {
      this.#ask(node)
      return
    }
    known.seq = seq
    for (const id of numbersIn(on)) known.people.add(id)
    for (const id of numbersIn(off)) known.people.delete(id)
    const left = new Set(numbersIn(untold))
    if (left.size > 0) this.#options.onLeft([...left])
    this.#options.onTold(numbersIn(off).filter((id) => !left.has(id)))
  }

  #onBeat(node: string, { seq, isNew }: Record<string, unknown>): void {
    if (isNew === true) this.#beat()
    if (this.#hear(node).seq !== seq) this.#ask(node)
  }

  #onListed(node: string, { seq, part, count, people }: Record<string, unknown>): void {
    const known = this.#hear(node)
    if (typeof seq !== 'number' || typeof part !== 'number' || typeof count !== 'number') return
    if (known.partsSeq !== seq) known.parts = []
    known.partsSeq = seq
    known.parts[part] = numbersIn(people)
    if (Object.keys(known.parts).length < count) return
    const before = known.people
    known.people = new Set(known.parts.flat())
    known.seq = seq
    known.parts = []
    const left = [...before].filter((id) => !known.people.has(id))
    if (left.length > 0) this.#options.onLeft(left)
  }

  #onLeaving(node: string, { graceMs }: Record<string, unknown>): void {
    const known = this.#known.get(node)
    if (!known || typeof graceMs !== 'number') return
    known.isLeaving = true
    known.until = Date.now() + graceMs
    setTimeout(() => this.#forgetSilent(), graceMs + 1).unref()
  }

  #hear(node: string): Known {
    const until = Date.now() + SILENT_MS
    const known = this.#known.get(node)
    if (known && !known.isLeaving) known.until = until
    if (known) return known
    const first: Known = { people: new Set(), seq: undefined, until, isLeaving: false, parts: [], partsSeq: -1 }
    this.#known.set(node, first)
    return first
  }

  #ask(node: string): void {
    this.#notify(ASKED, { whom: node })
  }

  #forgetSilent(): void {
    const now = Date.now()
    const wasDown = this.#isBusDown
    this.#isBusDown = this.#options.realtime.bus.state() === 'down'
    // After an outage everyone has as much time to be heard of as ever.
    if (wasDown && !this.#isBusDown) for (const known of this.#known.values()) known.until = now + SILENT_MS
    if (this.#isBusDown) return
    for (const [node, known] of this.#known) {
      if (known.until > now) continue
      this.#known.delete(node)
      const heardAt = known.isLeaving ? now : known.until - SILENT_MS
      if (known.people.size > 0) this.#options.onGone([...known.people], new Date(heardAt))
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
