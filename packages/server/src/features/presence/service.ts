/**
 * Who is online: whoever has a socket open on any server, and for a grace period after the last one closed, so that a
 * reload or a short loss of the network does not flicker. Nor does a restart of the only server: whoever was here then has
 * some time to come back.
 *
 * Order: changes are gathered for a moment and told in one go, with one query for all who may know, one go after the other.
 * Who hides while their change is being told is left out of it, whichever server they hide at. What two servers tell of
 * somebody at the same moment may cross on its way.
 * On failure: a change that cannot be told is logged and forgotten; REST answers stay true, since they look here.
 */
import type { Person } from '@confab/contract/people/resources'
import { PresenceChanged } from '@confab/contract/presence/events'
import type { OwnStatus, PersonPresence } from '@confab/contract/presence/resources'
import type { Core } from '../../ctx.ts'
import type { CommandSocket } from '../../realtime/command.ts'
import { Elsewhere, type SocketsElsewhere } from './elsewhere.ts'
import { listSeenSince, listSightings, listVisible, type Sighting, setLastSeen, setStatus } from './queries.ts'
import { hiddenPresence, type Told, toPresence, Watchers } from './watchers.ts'

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

/** What servers tell each other for those who watch. */
const TOLD = 'presence.told'

/** The same, that there is nothing to be seen of somebody any more. */
const HIDDEN = 'presence.hidden'

/** The same, that somebody has another name or picture. */
const RENAMED = 'presence.renamed'

/** Changes are gathered for this long before they are told. */
const GATHER_MS = 100

/** Presence is told to the members of groups up to this size; in larger ones it is only looked up. */
const MAX_MEMBERS_TOLD = 100

/** Where more people are online than this, naming them to the database costs more than it saves. */
const MAX_VIEWERS_NAMED = 10_000

/** Servers that lose the same person at the same time learn of each other's loss within this. */
const CROSSING_MS = 5_000

/** After a restart of the server those who were here have so many grace periods to come back: they come one by one. */
const RETURN_GRACES = 2

/** While somebody is here this is written down from time to time, for the case that the server is killed. */
const KEEP_SEEN_MS = 300_000

export class Presence {
  readonly #core: Core
  readonly #graceMs: number
  readonly #people = new Map<number, Entry>()
  readonly #changes = new Map<number, Change>()
  /** Changes of which it is being asked who may know. */
  #beingTold = new Map<number, Change>()
  /** Resolves when all that was told so far is told. */
  #lastTold: Promise<unknown> = Promise.resolve()
  readonly #left = new Map<number, string>()
  /** Who was here before the server was started and has not come back yet, and when they were seen last. */
  readonly #expected = new Map<number, string>()
  readonly #elsewhere: Elsewhere
  readonly #watchers = new Watchers()
  /** Whom the other servers are to be told of, and whether they are online here. */
  #moved = new Map<number, boolean>()
  /** Who has opened or closed a socket since the other servers were told. */
  #counted = new Set<number>()
  #onCounted: (people: readonly number[]) => void = () => {}
  /** Who left here while they were online elsewhere, and when. */
  readonly #crossing = new Map<number, string>()
  #telling: NodeJS.Timeout | undefined
  #keeping: NodeJS.Timeout | undefined
  #expecting: NodeJS.Timeout | undefined

  constructor(core: Core) {
    this.#core = core
    this.#graceMs = core.config.presenceGraceSeconds * 1000
    core.services.realtime.onNotice(TOLD, ({ changes }) => {
      // Only `notify` below sends these.
      this.#watchers.tell(core.database.kysely, changes as Told[]).catch((error) => {
        core.log.warn({ err: error }, 'watchers could not be told of presence')
      })
    })
    // Only `notify` below sends these.
    core.services.realtime.onNotice(HIDDEN, ({ userId }) => this.#onHidden(Number(userId)))
    core.services.realtime.onNotice(RENAMED, ({ person }) => {
      // Only `tellOfPerson` below sends these.
      this.#watchers.tellOfPerson(person as Person)
    })
    this.#elsewhere = new Elsewhere({
      realtime: core.services.realtime,
      listPeople: () => [...this.#people].map(([userId, { sockets }]) => [userId, sockets]),
      onGone: (people, at) => this.#onGone(people, at.toISOString()),
      onLeft: (people) => this.#onLeftElsewhere(people),
      onTold: (people) => this.#onToldElsewhere(people),
      onCounted: (people) => this.#onCounted(people),
    })
  }

  /**
   * Makes a socket watch some people, and nobody else any more.
   *
   * @returns their presence now; those that the viewer may not know of seem offline
   */
  async watch(socket: CommandSocket, viewerId: number, userIds: readonly number[]): Promise<PersonPresence[]> {
    this.#watchers.watch(socket, viewerId, userIds)
    const pairs = userIds.map((subjectId) => ({ subjectId, viewerId }))
    const visible = new Map((await listVisible(this.#core.database.kysely, pairs)).map((row) => [row.subjectId, row]))
    return userIds.map((userId) => {
      const shown = visible.get(userId)
      return shown ? toPresence(userId, this.isOnline(userId), shown) : hiddenPresence(userId)
    })
  }

  /** Sets what somebody says of themselves, and tells who may know. */
  async setStatus(userId: number, status: OwnStatus): Promise<void> {
    const db = this.#core.database.kysely
    const viewers = status === 'invisible' ? await this.listViewers(userId) : []
    const before = await setStatus(db, userId, status)
    if (before === status || !this.isOnline(userId)) return
    if (status === 'invisible') this.tellHidden(userId, viewers)
    else this.tellShown(userId)
  }

  /** Who sees somebody now. They cannot be found any more once that person hides, and must hear of it. */
  async listViewers(userId: number): Promise<number[]> {
    return (await this.#listSightings([userId])).map(({ viewerId }) => viewerId)
  }

  /** Tells those who saw somebody, and whoever watches them, that there is nothing to be seen any more. */
  tellHidden(userId: number, viewers: readonly number[]): void {
    const { realtime } = this.#core.services
    for (const viewerId of viewers) realtime.signal(PresenceChanged, viewerId, hiddenPresence(userId))
    realtime.notify(HIDDEN, { userId })
  }

  /** Tells those who may see somebody again that they are here, where they are. */
  tellShown(userId: number): void {
    if (this.isOnline(userId)) this.#change(userId, { online_status: true, last_seen: null })
  }

  /**
   * Tells those who watch somebody, at whichever server, that they have another name or picture. Costs a notice to each
   * server and a frame to each watching socket, however many people they know.
   */
  tellOfPerson(person: Person): void {
    this.#core.services.realtime.notify(RENAMED, { person })
  }

  start(): void {
    this.#elsewhere.start()
    this.#expect().catch((error) => this.#core.log.warn({ err: error }, 'who was here last could not be asked'))
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
    clearTimeout(this.#expecting)
    for (const entry of this.#people.values()) clearTimeout(entry.timer)
    const told = this.#tell()
    this.#elsewhere.stop(this.#graceMs)
    await told
    this.#people.clear()
  }

  /** Whether a socket of this person is open anywhere, or was a moment ago. */
  isOnline(userId: number): boolean {
    return this.#people.has(userId) || this.#elsewhere.has(userId) || this.#isExpected(userId)
  }

  /** How many people are online on this server. */
  get size(): number {
    return this.#people.size
  }

  /** How many sockets of this person are open on other servers; what was opened there just now is missing. */
  socketsElsewhere(userId: number): SocketsElsewhere {
    return this.#elsewhere.socketsOf(userId)
  }

  /** Calls the handler, of which there is one, with people of whom it was told how many sockets they have elsewhere. */
  onSocketsElsewhere(handler: (people: readonly number[]) => void): void {
    this.#onCounted = handler
  }

  /** How many other servers are known to be there. */
  get nodes(): number {
    return this.#elsewhere.size
  }

  /** Counts a socket that was opened. */
  arrive(userId: number): void {
    const entry = this.#people.get(userId)
    this.#count(userId)
    if (!entry) {
      const isOnline = this.isOnline(userId)
      this.#people.set(userId, { sockets: 1, leftAt: undefined, timer: undefined })
      this.#expected.delete(userId)
      this.#move(userId, true)
      if (!isOnline) this.#change(userId, { online_status: true, last_seen: null })
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
    this.#count(userId)
    if (entry.sockets > 0) return
    const leftAt = new Date().toISOString()
    entry.leftAt = leftAt
    this.#left.set(userId, leftAt)
    this.#tellSoon()
    entry.timer = setTimeout(() => {
      this.#people.delete(userId)
      this.#move(userId, false)
      if (this.#elsewhere.has(userId)) this.#cross(userId, leftAt)
      else this.#change(userId, { online_status: false, last_seen: leftAt })
    }, this.#graceMs)
    entry.timer.unref()
  }

  /** Expects those who were here when the server stopped, if that was no longer ago than their grace period. */
  async #expect(): Promise<void> {
    const since = new Date(Date.now() - this.#graceMs)
    for (const [userId, at] of await listSeenSince(this.#core.database.kysely, since)) {
      if (!this.#people.has(userId)) this.#expected.set(userId, at)
    }
    this.#expecting = setTimeout(() => {
      const missed = [...this.#expected].filter(([userId]) => this.#isExpected(userId))
      this.#expected.clear()
      for (const [userId, at] of missed) {
        if (!this.isOnline(userId)) this.#change(userId, { online_status: false, last_seen: at })
      }
    }, RETURN_GRACES * this.#graceMs)
    this.#expecting.unref()
  }

  /** Where there are other servers it is they who know who was here. */
  #isExpected(userId: number): boolean {
    return this.#elsewhere.size === 0 && this.#expected.has(userId)
  }

  #count(userId: number): void {
    this.#counted.add(userId)
    this.#tellSoon()
  }

  #move(userId: number, isHere: boolean): void {
    this.#moved.set(userId, isHere)
    this.#tellSoon()
  }

  /**
   * The other server tells when they leave it. Where it has just done the same, taking them for online here, it says so,
   * and both tell.
   */
  #cross(userId: number, leftAt: string): void {
    this.#crossing.set(userId, leftAt)
    setTimeout(() => this.#crossing.delete(userId), CROSSING_MS).unref()
  }

  #onLeftElsewhere(people: readonly number[]): void {
    for (const userId of people) {
      const leftAt = this.#crossing.get(userId)
      if (leftAt === undefined || this.isOnline(userId)) continue
      this.#crossing.delete(userId)
      this.#change(userId, { online_status: false, last_seen: leftAt })
    }
  }

  /** Who came here just when their time on the other server was over was taken for online there, and nobody was told. */
  #onToldElsewhere(people: readonly number[]): void {
    for (const userId of people) {
      if (this.#people.has(userId)) this.#change(userId, { online_status: true, last_seen: null })
    }
  }

  /** A server went away with its people; those who have not come back to another by now are offline. */
  #onGone(people: readonly number[], at: string): void {
    for (const userId of people) {
      if (this.isOnline(userId)) continue
      this.#left.set(userId, at)
      this.#change(userId, { online_status: false, last_seen: at })
    }
  }

  /**
   * Nothing more is told of who hides. Who has shown themselves again meanwhile, at another server, may have done so before
   * this was heard: where they are it is asked once more, and who hides is told to nobody.
   */
  #onHidden(userId: number): void {
    this.#beingTold.delete(userId)
    this.#watchers.tellHidden(userId)
    if (this.#people.has(userId)) this.tellShown(userId)
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

  #tell(): Promise<void> {
    this.#tellElsewhere()
    const told = this.#lastTold.then(() => this.#tellPeople())
    this.#lastTold = told.catch(() => {})
    return told
  }

  async #tellPeople(): Promise<void> {
    const changes = new Map(this.#changes)
    const left = new Map(this.#left)
    this.#changes.clear()
    this.#left.clear()
    const db = this.#core.database.kysely
    await setLastSeen(db, left)
    if (changes.size === 0) return
    this.#beingTold = changes
    const { realtime } = this.#core.services
    const sightings = await this.#listSightings([...changes.keys()])
    // Meanwhile somebody may have come to another server.
    for (const [userId, { online_status: isOnline }] of changes) {
      if (!isOnline && this.isOnline(userId)) changes.delete(userId)
    }
    for (const { subjectId, viewerId, status } of sightings) {
      const change = changes.get(subjectId)
      const shown = { status, lastSeenAt: change?.last_seen ?? null }
      if (change) realtime.signal(PresenceChanged, viewerId, toPresence(subjectId, change.online_status, shown))
    }
    const told = [...changes].map(([userId, change]): Told => ({ userId, isOnline: change.online_status }))
    realtime.notify(TOLD, { changes: told })
  }

  /**
   * Who is to be told of some people. Where this is the only server, those who are online are known to be here; of another
   * server's people it is known a moment too late, and who has just come there must be told, too.
   */
  #listSightings(subjectIds: readonly number[]): Promise<Sighting[]> {
    const isAlone = this.#elsewhere.size === 0 && this.#people.size <= MAX_VIEWERS_NAMED
    const viewerIds = isAlone ? [...this.#people.keys()] : undefined
    return listSightings(this.#core.database.kysely, { subjectIds, maxMembers: MAX_MEMBERS_TOLD, viewerIds })
  }

  #tellElsewhere(): void {
    const moved = [...this.#moved]
    this.#moved = new Map()
    const listed = (isHere: boolean) => moved.filter(([, is]) => is === isHere).map(([userId]) => userId)
    const off = listed(false)
    const untold = off.filter((userId) => this.#crossing.has(userId))
    const counted = [...this.#counted].map((userId) => [userId, this.#people.get(userId)?.sockets ?? 0] as const)
    this.#counted = new Set()
    this.#elsewhere.tell({ on: listed(true), off, untold, counted })
  }
}
