/**
 * A background consumer of the rooms' log: notifications, the search index. It reads what happened in each room in
 * order and exactly once, apart from the sender's transaction, so that a send does not wait for it.
 *
 * Guarantees: the position of a consumer in a room moves in the same statement as what it writes, so that a crash
 * neither skips nor repeats.
 * Order and locking: a run reads the events after its positions without a lock, and what it writes of a room counts only
 * if the position is still where it found it: of several servers that are at the same room one gets through, and the
 * others look again.
 * On failure: the run has written nothing and is tried again; other consumers go on.
 */
import { parseTopic } from '@confab/contract/define-event'
import { type RawBuilder, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Core } from '../ctx.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/prepared.ts'
import type { LoggedEvent } from './bus.ts'
import { Backlog } from './consumer-backlog.ts'
import { Pace } from './consumer-pace.ts'

/** One event of a room as a consumer sees it: message events name their message. */
export type RoomEvent = Readonly<{
  roomId: number
  seq: number
  type: string
  messageId: number | null
  data: Record<string, unknown> | null
  /** The text of its message as it is now; null where there is no message, or it or its room are gone. */
  text: string | null
  /** The username of who sent that. */
  sender: string | null
}>

/** How far a run has come in a room: from the position at which it found its consumer to the last event that it read. */
export type Move = Readonly<{ roomId: number; after: number; upTo: number }>

/**
 * What a consumer does with some events, in order within each room. It writes in the statement that moves its positions,
 * by `movePositions`, and nothing of rooms that this does not answer.
 *
 * @returns the rooms whose positions were moved
 */
export type Consume = (db: Db, events: readonly RoomEvent[], moves: readonly Move[]) => Promise<number[]>

/** Moves the positions of a consumer; a row source with the `room_id` of each room in which it could. */
export function movePositions(consumer: string, moves: readonly Move[]): RawBuilder<{ room_id: number }> {
  return sql`move_positions(${consumer}, ${moves.map((move) => move.roomId)}::bigint[],
    ${moves.map((move) => move.after)}::bigint[], ${moves.map((move) => move.upTo)}::bigint[])`
}

/** Events, and rooms whose events are forgotten, that a run reads; rooms beyond are left to the next. */
const ROWS_PER_RUN = 250
const ROOMS_PER_RUN = 100
const RETRY_MS = 1_000
const SWEEP_MS = 60_000
const STOP_WAIT_MS = 1_000

export class LogConsumer {
  readonly #core: Core
  readonly #log: Logger
  readonly #name: string
  readonly #types: readonly string[]
  readonly #consume: Consume
  readonly #intervalMs: number
  readonly #dirty = new Set<number>()
  readonly #backlog = new Backlog()
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  /** Events committed since the last run began. */
  #noticed = 0
  readonly #pace = new Pace()
  /** When the next run may begin if somebody waits for it, and when it does otherwise, as of `performance.now()`. */
  #restUntil = 0
  #idleUntil = 0
  /** How many wait until everything is consumed. */
  #waiting = 0
  /** Ends the wait for the next run, for it to be judged anew. */
  #hurry = () => {}

  /**
   * @param options.intervalMs after a run the next one waits until this long after it, for what comes meanwhile: the
   * first event after a silence is consumed at once, and of many each costs less
   */
  constructor(core: Core, options: { name: string; types: readonly string[]; consume: Consume; intervalMs: number }) {
    this.#core = core
    this.#log = core.log.child({ consumer: options.name })
    this.#name = options.name
    this.#types = options.types
    this.#consume = options.consume
    this.#intervalMs = options.intervalMs
  }

  /** How many events of the log are known here to be not consumed yet. */
  get behind(): number {
    return this.#backlog.size
  }

  /** Begins with what was left behind, and from then on follows what this server commits. */
  start(): void {
    this.#core.services.realtime.onPublished((events) => this.#notice(events))
    this.#sweep()
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS)
    this.#timer.unref()
  }

  /**
   * Consumes what this server has committed, where that can be done soon, and does no more: another server would find it
   * by its next sweep only.
   */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.settled(STOP_WAIT_MS)
    this.#stopped = true
    this.#hurry()
    await this.#running
  }

  /** Resolves when everything that this server has committed so far is consumed, or after the time given. */
  async settled(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs
    this.#waiting += 1
    this.#hurry()
    while (this.#running && Date.now() < deadline) {
      await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, deadline - Date.now()).unref())])
    }
    this.#waiting -= 1
  }

  #notice(events: readonly LoggedEvent[]): void {
    this.#noticed += events.length
    for (const { type, topic, seq } of events) {
      if (!this.#types.includes(type)) continue
      const { kind, id } = parseTopic(topic)
      if (kind !== 'room') continue
      this.#dirty.add(id)
      this.#backlog.committed(id, seq)
    }
    this.#wake()
  }

  #wake(): void {
    if (this.#running || this.#stopped || this.#dirty.size === 0) return
    this.#running = this.#work().finally(() => {
      this.#running = undefined
      this.#wake()
    })
  }

  /** Works while there is something to do. */
  async #work(): Promise<void> {
    while (this.#dirty.size > 0) {
      await this.#gather()
      if (this.#stopped) return
      const rooms = [...this.#dirty].slice(0, ROOMS_PER_RUN)
      for (const room of rooms) this.#dirty.delete(room)
      await this.#runOrRetry(rooms)
    }
  }

  async #runOrRetry(rooms: number[]): Promise<void> {
    const started = performance.now()
    this.#noticed = 0
    try {
      const { left, isFull } = await this.#run(rooms)
      for (const room of left) this.#dirty.add(room)
      for (const room of rooms) if (!this.#dirty.has(room)) this.#backlog.done(room)
      const now = performance.now()
      const ms = now - started
      const restMs = this.#pace.ended({ ms, committed: this.#noticed, isMoreLeft: this.#dirty.size > 0 })
      // Whoever waits for it does not wait for senders, and where there is more to do already nobody waits for more.
      this.#restUntil = now + ms
      this.#idleUntil = now + Math.max(restMs, isFull ? 0 : this.#intervalMs)
    } catch (error) {
      this.#log.warn({ err: error }, 'a run failed and is tried again')
      for (const room of rooms) this.#dirty.add(room)
      this.#restUntil = performance.now() + RETRY_MS
    }
  }

  /** Rests after a run and waits for what comes, unless somebody waits for the end. */
  async #gather(): Promise<void> {
    for (;;) {
      const until = this.#waiting > 0 ? this.#restUntil : Math.max(this.#restUntil, this.#idleUntil)
      const ms = until - performance.now()
      if (ms <= 0 || this.#stopped) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#hurry = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** @returns the rooms in which there is more to do, and whether the run took as much as it may */
  async #run(rooms: number[]): Promise<{ left: number[]; isFull: boolean }> {
    const db = this.#core.database.kysely
    const { events, moves, isFull } = await this.#read(db, rooms)
    if (moves.length === 0) return { left: [], isFull }
    const wanted = events.filter((event) => this.#types.includes(event.type))
    const moved = new Set(await (wanted.length > 0 ? this.#consume(db, wanted, moves) : this.#pass(db, moves)))
    for (const { roomId, upTo } of moves) if (moved.has(roomId)) this.#backlog.consumed(roomId, upTo)
    return { left: isFull ? rooms : moves.flatMap(({ roomId }) => (moved.has(roomId) ? [] : [roomId])), isFull }
  }

  /**
   * What has happened in some rooms after the positions in them. Where the log ends before the room's number, the events
   * between are forgotten: there is nothing to consume any more.
   */
  async #read(db: Db, rooms: number[]): Promise<{ events: RoomEvent[]; moves: Move[]; isFull: boolean }> {
    const { rows } = await sql<RoomEvent & { after: number; seq: number | null; lastSeq: number }>`${prepared}
      SELECT l.*, m.content AS text, u.username AS sender
      FROM (
        SELECT r.id AS "roomId", r.event_seq AS "lastSeq", r.deleted_at, coalesce(p.seq, 0) AS after,
          e.seq, e.type, e.message_id AS "messageId", e.data
        FROM rooms r
        LEFT JOIN consumer_positions p ON p.consumer = ${this.#name} AND p.room_id = r.id
        LEFT JOIN LATERAL (
          SELECT * FROM room_events e WHERE e.room_id = r.id AND e.seq > coalesce(p.seq, 0)
          ORDER BY e.seq LIMIT ${ROWS_PER_RUN}
        ) e ON true
        WHERE r.id = ANY (${rooms}::bigint[]) AND r.event_seq > coalesce(p.seq, 0)
        ORDER BY r.id, e.seq LIMIT ${ROWS_PER_RUN}
      ) l
      LEFT JOIN messages m ON m.room_id = l."roomId" AND m.id = l."messageId" AND m.deleted_at IS NULL
        AND l.deleted_at IS NULL AND l.type = ANY (${this.#types}::text[])
      LEFT JOIN users u ON u.id = m.sender_id
      ORDER BY l."roomId", l.seq`.execute(db)
    const moves = new Map<number, Move>()
    const events: RoomEvent[] = []
    for (const row of rows) {
      moves.set(row.roomId, { roomId: row.roomId, after: row.after, upTo: row.seq ?? row.lastSeq })
      if (row.seq !== null) events.push(row)
    }
    return { events, moves: [...moves.values()], isFull: rows.length >= ROWS_PER_RUN }
  }

  /** Goes on after events that are nothing to this consumer. */
  async #pass(db: Db, moves: readonly Move[]): Promise<number[]> {
    const { rows } = await sql<{ room_id: number }>`SELECT room_id FROM ${movePositions(this.#name, moves)}`.execute(db)
    return rows.map((row) => row.room_id)
  }

  /** Finds rooms whose log is ahead of this consumer: of a server that died, or of one that wrote without it. */
  #sweep(): void {
    sql<{ id: number; after: number; upTo: number }>`
      SELECT r.id, coalesce(p.seq, 0) AS after, r.event_seq AS "upTo" FROM rooms r
      LEFT JOIN consumer_positions p ON p.consumer = ${this.#name} AND p.room_id = r.id
      WHERE r.event_seq > coalesce(p.seq, 0)`
      .execute(this.#core.database.kysely)
      .then(({ rows }) => {
        for (const { id, after, upTo } of rows) {
          this.#dirty.add(id)
          this.#backlog.found(id, { after, upTo })
        }
        this.#wake()
      })
      .catch((error) => this.#log.warn({ err: error }, 'looking for what is left to do failed'))
  }
}
