/**
 * A background consumer of the rooms' log: notifications, the search index. It reads what happened in each room in
 * order and exactly once, apart from the sender's transaction, so that a send does not wait for it.
 *
 * Guarantees: the position of a consumer in a room moves in the same transaction as what it writes, so that a crash
 * neither skips nor repeats. Several servers share the work: a room that one is busy with is left to it.
 * Order and locking: a run locks the positions of its rooms (SKIP LOCKED), reads the events after them and advances.
 * On failure: the run is rolled back and tried again; other consumers go on.
 */
import { parseTopic } from '@confab/contract/define-event'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { type Core, inTransaction } from '../ctx.ts'
import type { Tx } from '../db/open.ts'
import type { LoggedEvent } from './bus.ts'

/** One event of a room as a consumer sees it: message events name their message. */
export type RoomEvent = Readonly<{
  roomId: number
  seq: number
  type: string
  messageId: number | null
  data: Record<string, unknown> | null
}>

/** What a consumer does with some events, in order within each room. Runs in the transaction that moves its positions. */
export type Consume = (tx: Tx, events: readonly RoomEvent[]) => Promise<void>

const EVENTS_PER_RUN = 250
const ROOMS_PER_RUN = 100
const RETRY_MS = 1_000

/** While more than this comes in during a run, people are sending, and come first: the consumer rests longer. */
const BUSY_EVENTS = 20
const BUSY_REST_MS = 50
const BUSY_REST_FACTOR = 4
const SWEEP_MS = 60_000

export class LogConsumer {
  readonly #core: Core
  readonly #log: Logger
  readonly #name: string
  readonly #types: ReadonlySet<string>
  readonly #consume: Consume
  readonly #isRepeatable: boolean
  readonly #dirty = new Set<number>()
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  /** Events committed since the last run began. */
  #noticed = 0

  /**
   * @param options.isRepeatable whether what it writes may be lost with its position when Postgres crashes, and written
   * again after: then its commits need not wait for the disk
   */
  constructor(
    core: Core,
    options: { name: string; types: readonly string[]; consume: Consume; isRepeatable?: boolean },
  ) {
    this.#core = core
    this.#log = core.log.child({ consumer: options.name })
    this.#name = options.name
    this.#types = new Set(options.types)
    this.#consume = options.consume
    this.#isRepeatable = options.isRepeatable ?? false
  }

  /** Begins with what was left behind, and from then on follows what this server commits. */
  start(): void {
    this.#core.services.realtime.onPublished((events) => this.#notice(events))
    this.#sweep()
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS)
    this.#timer.unref()
  }

  /** Finishes the run under way and does no more. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#running
  }

  /** Resolves when everything that this server has committed so far is consumed, or after the time given. */
  async settled(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (this.#running && Date.now() < deadline) {
      await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, deadline - Date.now()).unref())])
    }
  }

  #notice(events: readonly LoggedEvent[]): void {
    this.#noticed += events.length
    for (const event of events) if (this.#types.has(event.type)) this.#dirty.add(parseTopic(event.topic).id)
    this.#wake()
  }

  #wake(): void {
    if (this.#running || this.#stopped || this.#dirty.size === 0) return
    this.#running = this.#work().finally(() => {
      this.#running = undefined
      this.#wake()
    })
  }

  /**
   * Works while there is something to do, resting in between: as long as a run took, and while people are sending long
   * enough that most of the time is theirs and the runs are large.
   */
  async #work(): Promise<void> {
    while (this.#dirty.size > 0 && !this.#stopped) {
      const rooms = [...this.#dirty].slice(0, ROOMS_PER_RUN)
      for (const room of rooms) this.#dirty.delete(room)
      const started = performance.now()
      this.#noticed = 0
      try {
        for (const room of await this.#run(rooms)) this.#dirty.add(room)
      } catch (error) {
        this.#log.warn({ err: error }, 'a run failed and is tried again')
        for (const room of rooms) this.#dirty.add(room)
        await rest(RETRY_MS)
      }
      if (this.#dirty.size > 0) await rest(this.#restAfter(performance.now() - started))
    }
  }

  #restAfter(runMs: number): number {
    return this.#noticed > BUSY_EVENTS ? Math.max(BUSY_REST_MS, runMs * BUSY_REST_FACTOR) : runMs
  }

  /** @returns the rooms in which there is more to do */
  #run(rooms: number[]): Promise<number[]> {
    return inTransaction(this.#core, async (tx) => {
      if (this.#isRepeatable) await sql`SET LOCAL synchronous_commit = off`.execute(tx)
      const positions = await this.#lockPositions(tx, rooms)
      const events = await readAfter(tx, positions)
      const wanted = events.filter((event) => this.#types.has(event.type))
      if (wanted.length > 0) await this.#consume(tx, wanted)
      await this.#advance(tx, events)
      await this.#skipForgotten(tx, positions, events)
      const busyElsewhere = rooms.filter((room) => !positions.has(room))
      return events.length >= EVENTS_PER_RUN ? rooms : busyElsewhere
    })
  }

  /** A room that another server is busy with is not among the result; it is looked at again later. */
  async #lockPositions(tx: Tx, rooms: number[]): Promise<Map<number, number>> {
    await sql`
      INSERT INTO consumer_positions (consumer, room_id, seq)
      SELECT ${this.#name}, id, 0 FROM unnest(${rooms}::bigint[]) AS r (id)
      WHERE NOT EXISTS (SELECT FROM consumer_positions p WHERE p.consumer = ${this.#name} AND p.room_id = r.id)
      ORDER BY id ON CONFLICT DO NOTHING`.execute(tx)
    const rows = await tx
      .selectFrom('consumer_positions')
      .select(['room_id', 'seq'])
      .where('consumer', '=', this.#name)
      .where('room_id', 'in', rooms)
      .orderBy('room_id')
      .forUpdate()
      .skipLocked()
      .execute()
    return new Map(rows.map((row) => [row.room_id, row.seq]))
  }

  async #advance(tx: Tx, events: readonly RoomEvent[]): Promise<void> {
    const last = new Map(events.map((event) => [event.roomId, event.seq]))
    if (last.size === 0) return
    await sql`
      UPDATE consumer_positions p SET seq = n.seq
      FROM unnest(${[...last.keys()]}::bigint[], ${[...last.values()]}::bigint[]) AS n (room_id, seq)
      WHERE p.consumer = ${this.#name} AND p.room_id = n.room_id`.execute(tx)
  }

  /** Where the log ends before the room's number, the events between are forgotten: there is nothing to consume any more. */
  async #skipForgotten(tx: Tx, positions: Map<number, number>, events: readonly RoomEvent[]): Promise<void> {
    const withEvents = new Set(events.map((event) => event.roomId))
    const silent = [...positions.keys()].filter((room) => !withEvents.has(room))
    if (silent.length === 0 || events.length >= EVENTS_PER_RUN) return
    await sql`
      UPDATE consumer_positions p SET seq = r.event_seq FROM rooms r
      WHERE p.consumer = ${this.#name} AND p.room_id = r.id AND r.id = ANY (${silent}::bigint[]) AND p.seq < r.event_seq
        AND NOT EXISTS (SELECT FROM room_events e WHERE e.room_id = r.id AND e.seq > p.seq)`.execute(tx)
  }

  /** Finds rooms whose log is ahead of this consumer: of a server that died, or of one that wrote without it. */
  #sweep(): void {
    sql<{ id: number }>`
      SELECT r.id FROM rooms r
      LEFT JOIN consumer_positions p ON p.consumer = ${this.#name} AND p.room_id = r.id
      WHERE r.event_seq > coalesce(p.seq, 0)`
      .execute(this.#core.database.kysely)
      .then(({ rows }) => {
        for (const row of rows) this.#dirty.add(row.id)
        this.#wake()
      })
      .catch((error) => this.#log.warn({ err: error }, 'looking for what is left to do failed'))
  }
}

async function readAfter(tx: Tx, positions: Map<number, number>): Promise<RoomEvent[]> {
  if (positions.size === 0) return []
  const { rows } = await sql<RoomEvent>`
    SELECT e.room_id AS "roomId", e.seq, e.type, e.message_id AS "messageId", e.data
    FROM unnest(${[...positions.keys()]}::bigint[], ${[...positions.values()]}::bigint[]) AS p (room_id, seq)
    JOIN LATERAL (
      SELECT * FROM room_events e WHERE e.room_id = p.room_id AND e.seq > p.seq ORDER BY e.seq LIMIT ${EVENTS_PER_RUN}
    ) e ON true
    ORDER BY e.room_id, e.seq LIMIT ${EVENTS_PER_RUN}`.execute(tx)
  return rows
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
