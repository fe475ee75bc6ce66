/**
 * Who is online: whoever has a socket open, and for a grace period after the last one closed, so that a reload or a
 * short loss of the network does not flicker.
 *
 * Order: changes are gathered for a moment and told in one go, with one query for all who may know.
 * On failure: a change that cannot be told is logged and forgotten; REST answers stay true, since they look here.
 */
import { PresenceChanged } from '@confab/contract/presence/events'
import type { Core } from '../../ctx.ts'
import { listSightings, setLastSeen } from './queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    presence: Presence
  }
}

type Entry = {
  sockets: number
  /** When the last socket closed; undefined while one is open. */
  leftAt: string | undefined
  timer: NodeJS.Timeout | undefined
}

type Change = { online_status: boolean; last_seen: string | null }

/** Changes are gathered for this long before they are told. */
const GATHER_MS = 100

/** Presence is told to the members of groups up to this size; in larger ones it is only looked up. */
const MAX_MEMBERS_TOLD = 100

/** While somebody is here this is written down from time to time, for the case that the server is killed. */
const KEEP_SEEN_MS = 300_000

export class Presence {
  readonly #core: Core
  readonly #graceMs: number
  readonly #people = new Map<number, Entry>()
  readonly #changes = new Map<number, Change>()
  readonly #left = new Map<number, string>()
  #telling: NodeJS.Timeout | undefined
  #keeping: NodeJS.Timeout | undefined

  constructor(core: Core) {
    this.#core = core
    this.#graceMs = core.config.presenceGraceSeconds * 1000
  }

  start(): void {
    this.#keeping = setInterval(() => {
      const now = new Date().toISOString()
      for (const [userId, entry] of this.#people) if (entry.sockets > 0) this.#left.set(userId, now)
      this.#tellSoon()
    }, KEEP_SEEN_MS)
    this.#keeping.unref()
  }

  /** Writes down what is still to be written. All sockets are closed by now. */
  async stop(): Promise<void> {
    clearInterval(this.#keeping)
    clearTimeout(this.#telling)
    for (const entry of this.#people.values()) clearTimeout(entry.timer)
    await this.#tell()
    this.#people.clear()
  }

  /** Whether a socket of this person is open anywhere, or was a moment ago. */
  isOnline(userId: number): boolean {
    return this.#people.has(userId)
  }

  /** How many people are online. */
  get size(): number {
    return this.#people.size
  }

  /** Counts a socket that was opened. */
  arrive(userId: number): void {
    const entry = this.#people.get(userId)
    if (!entry) {
      this.#people.set(userId, { sockets: 1, leftAt: undefined, timer: undefined })
      this.#change(userId, { online_status: true, last_seen: null })
      return
    }
    clearTimeout(entry.timer)
    entry.sockets += 1
    entry.leftAt = undefined
  }

  /** Counts a socket that was closed. */
  leave(userId: number): void {
    const entry = this.#people.get(userId)
    if (!entry || entry.sockets === 0) return
    entry.sockets -= 1
    if (entry.sockets > 0) return
    const leftAt = new Date().toISOString()
    entry.leftAt = leftAt
    this.#left.set(userId, leftAt)
    this.#tellSoon()
    entry.timer = setTimeout(() => {
      this.#people.delete(userId)
      this.#change(userId, { online_status: false, last_seen: leftAt })
    }, this.#graceMs)
    entry.timer.unref()
  }

  #change(userId: number, change: Change): void {
    this.#changes.set(userId, change)
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#telling) return
    this.#telling = setTimeout(() => {
      this.#telling = undefined
      this.#tell().catch((error) => this.#core.log.warn({ err: error }, 'presence could not be told'))
    }, GATHER_MS)
    this.#telling.unref()
  }

  async #tell(): Promise<void> {
    const changes = new Map(this.#changes)
    const left = new Map(this.#left)
    this.#changes.clear()
    this.#left.clear()
    const db = this.#core.database.kysely
    await setLastSeen(db, left)
    if (changes.size === 0) return
    for (const { subjectId, viewerId } of await listSightings(db, [...changes.keys()], MAX_MEMBERS_TOLD)) {
      const change = changes.get(subjectId)
      if (change) this.#core.services.realtime.signal(PresenceChanged, viewerId, { user_id: subjectId, ...change })
    }
  }
}
