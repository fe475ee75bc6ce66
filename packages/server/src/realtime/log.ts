/**
 * The log of durable events: writing them inside the transaction that makes them true, and reading them back.
 *
 * Guarantees: the events of a topic are numbered 1, 2, 3 … without gaps, in the order of their commits, because the
 * number is given under the row lock of the topic's owner (a room or a person), held until the commit.
 * Who may call: services record inside their transaction; the hub and the consumers read.
 * On failure: a transaction that does not commit has recorded nothing and told nobody.
 */
import { type DataOf, type EventDefinition, parseTopic, type Topic, topicOf } from '@confab/contract/define-event'
import { sql } from 'kysely'
import { afterCommit } from '../ctx.ts'
import type { Db, Tx } from '../db/open.ts'
import { prepared } from '../db/prepared.ts'
import type { LoggedEvent } from './bus.ts'

/**
 * One event to record: on whose topic, and what. What it tells of is not copied into the log where it can be looked up when
 * it is read back: of a message the log has its id, of others what is `kept`, which the loader of the event gets.
 */
export type Entry<D extends EventDefinition> = Readonly<{
  to: number
  data: DataOf<D>
  messageId?: number
  kept?: Readonly<Record<string, unknown>>
}>

/** Records one event on one topic. It is published when the transaction has committed. */
export function record<D extends EventDefinition>(tx: Tx, definition: D, entry: Entry<D>): Promise<LoggedEvent[]> {
  return recordAll(tx, definition, [entry])
}

/**
 * Takes a person's topic until the transaction ends, so that what is read from here on is not older than the events
 * recorded before. For data that is changed by more than those who hold another lock of the caller's: whoever records
 * such a change has the topic too. Rooms and memberships are locked before it.
 */
export function lockUserTopic(tx: Tx, userId: number): Promise<void> {
  return lockUserTopics(tx, [userId])
}

/** The same of several people, who need not exist; in order, so that those who do it cannot wait in a circle. */
export async function lockUserTopics(tx: Tx, userIds: readonly number[]): Promise<void> {
  await sql`${prepared}
    SELECT FROM user_positions WHERE user_id = ANY (${userIds}::bigint[]) ORDER BY user_id FOR NO KEY UPDATE`.execute(
    tx,
  )
}

/** Records events of one kind on many topics in one statement; topics are locked in order, so writers cannot deadlock. */
export async function recordAll<D extends EventDefinition>(
  tx: Tx,
  definition: D,
  entries: readonly Entry<D>[],
): Promise<LoggedEvent[]> {
  if (entries.length === 0) return []
  const seqs = await writeEntries(tx, definition, entries)
  const events = entries.map(
    (entry, index): LoggedEvent => ({
      topic: topicOf(definition.topic, entry.to),
      seq: seqs[index] ?? 0,
      type: definition.name,
      data: entry.data as Record<string, unknown>,
    }),
  )
  afterCommit(tx, (core) => core.services.realtime.publish(events))
  return events
}

async function writeEntries<D extends EventDefinition>(tx: Tx, definition: D, entries: readonly Entry<D>[]) {
  const owners = entries.map((entry) => entry.to)
  const types = entries.map(() => definition.name)
  const payloads = entries.map(({ data, messageId, kept }) =>
    messageId === undefined ? JSON.stringify(kept ?? data) : null,
  )
  const messageIds = entries.map((entry) => entry.messageId ?? null)
  const { rows } =
    definition.topic === 'room'
      ? await sql<{ ord: number; seq: number }>`${prepared}
          SELECT ord, seq FROM record_room_events(${owners}::bigint[], ${types}::text[], ${messageIds}::bigint[], ${payloads}::jsonb[])`.execute(
          tx,
        )
      : await sql<{ ord: number; seq: number }>`${prepared}
          SELECT ord, seq FROM record_user_events(${owners}::bigint[], ${types}::text[], ${payloads}::jsonb[])`.execute(
          tx,
        )
  if (rows.length !== entries.length) throw new Error(`recording ${definition.name}: a topic has no owner`)
  const seqs: number[] = []
  for (const row of rows) seqs[row.ord - 1] = row.seq
  return seqs
}

/** An event as it is stored: where it has a loader, it names what it tells of instead of holding it. */
export type StoredEvent = Readonly<{
  topic: Topic
  seq: number
  type: string
  messageId: number | null
  data: Record<string, unknown> | null
}>

/** Looks up the data of stored events, in their order; undefined where there is none any more. */
export type EventLoader = (db: Db, events: readonly StoredEvent[]) => Promise<(Record<string, unknown> | undefined)[]>

/**
 * Reads the events of a topic after a position, oldest first.
 *
 * @param limit the most to read; fewer come back only where the log ends
 */
export async function readStoredEvents(db: Db, topic: Topic, after: number, limit: number): Promise<StoredEvent[]> {
  const { kind, id } = parseTopic(topic)
  if (kind === 'user') {
    const rows = await db
      .selectFrom('user_events')
      .select(['seq', 'type', 'data'])
      .where('user_id', '=', id)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute()
    return rows.map((row) => ({ topic, seq: row.seq, type: row.type, messageId: null, data: asData(row.data) }))
  }
  const rows = await db
    .selectFrom('room_events')
    .select(['seq', 'type', 'message_id', 'data'])
    .where('room_id', '=', id)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ topic, seq: row.seq, type: row.type, messageId: row.message_id, data: asData(row.data) }))
}

/** A stretch of a topic's log: after one position, up to another. */
export type Stretch = Readonly<{ topic: Topic; after: number; upTo: number }>

/** What an event has on the wire beside its data or the text of its message; measured, 390 for a message. */
const FRAME_BYTES = 400

/** What each of the `ids` that an event names takes on the wire once it is looked up: 380, and half of the longest text. */
const NAMED_BYTES = 1_000

/**
 * Reads stretches of many topics, each in order; one query, however many there are.
 *
 * @param bounds.maxBytes about how much they may take on the wire together, messages with their texts; topics for which
 *   there is no room are left out whole, those with the most first
 */
export async function readStretches(
  db: Db,
  stretches: readonly Stretch[],
  bounds: { maxBytes: number },
): Promise<StoredEvent[]> {
  const ofKind = (wanted: 'room' | 'user') => stretches.filter(({ topic }) => parseTopic(topic).kind === wanted)
  const columns = (some: readonly Stretch[]) => ({
    ids: some.map(({ topic }) => parseTopic(topic).id),
    afters: some.map(({ after }) => after),
    upTos: some.map(({ upTo }) => upTo),
  })
  const rooms = columns(ofKind('room'))
  const users = columns(ofKind('user'))
  // Rows of one topic are peers in the second window, which therefore counts a topic in as a whole.
  const { rows } = await sql<Omit<StoredEvent, 'topic'> & { kind: 'room' | 'user'; id: number }>`${prepared}
    WITH found AS (
      SELECT 'user' AS kind, s.id, e.seq, e.type, NULL::bigint AS "messageId", e.data,
        ${FRAME_BYTES} + coalesce(octet_length(e.data::text), 0)
          + coalesce(jsonb_array_length(e.data -> 'ids'), 0) * ${NAMED_BYTES} AS bytes
      FROM unnest(${users.ids}::bigint[], ${users.afters}::bigint[], ${users.upTos}::bigint[]) AS s (id, after, up_to)
      JOIN user_events e ON e.user_id = s.id AND e.seq > s.after AND e.seq <= s.up_to
      UNION ALL
      SELECT 'room', s.id, e.seq, e.type, e.message_id, e.data,
        ${FRAME_BYTES} + coalesce(octet_length(e.data::text), (
          SELECT octet_length(m.content) FROM messages m WHERE m.room_id = e.room_id AND m.id = e.message_id
        ), 0)
      FROM unnest(${rooms.ids}::bigint[], ${rooms.afters}::bigint[], ${rooms.upTos}::bigint[]) AS s (id, after, up_to)
      JOIN room_events e ON e.room_id = s.id AND e.seq > s.after AND e.seq <= s.up_to
    ), measured AS (
      SELECT *, sum(bytes) OVER (PARTITION BY kind, id) AS topic_bytes FROM found
    ), added AS (
      SELECT *, sum(bytes) OVER (ORDER BY topic_bytes, kind DESC, id) AS bytes_up_to_topic FROM measured
    )
    SELECT kind, id, seq, type, "messageId", data FROM added WHERE bytes_up_to_topic <= ${bounds.maxBytes}
    ORDER BY kind DESC, id, seq`.execute(db)
  return rows.map(({ kind, id, seq, type, messageId, data }) => ({
    topic: topicOf(kind, id),
    seq,
    type,
    messageId,
    data,
  }))
}

/**
 * The rooms that a person came into in a stretch of their topic.
 *
 * @returns undefined where events of it are gone from the log
 */
export async function readArrivals(db: Db, { topic, after, upTo }: Stretch): Promise<number[] | undefined> {
  const { id } = parseTopic(topic)
  const { rows } = await sql<{ count: number; rooms: readonly string[] | null }>`${prepared}
    SELECT count(*), array_agg(data -> 'room' ->> 'id') FILTER (WHERE type = 'room.created') AS rooms
    FROM user_events WHERE user_id = ${id} AND seq > ${after} AND seq <= ${upTo}`.execute(db)
  return rows[0]?.count === upTo - after ? (rows[0].rooms ?? []).map(Number) : undefined
}

/** Objects are all that `record` ever stores; anything else reads as nothing. */
function asData(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** The last number given in each of the topics; a topic whose owner does not exist has none. */
export async function readPositions(db: Db, topics: readonly Topic[]): Promise<Map<Topic, number>> {
  const parsed = topics.map(parseTopic)
  const roomIds = parsed.filter((topic) => topic.kind === 'room').map((topic) => topic.id)
  const userIds = parsed.filter((topic) => topic.kind === 'user').map((topic) => topic.id)
  const { rows } = await sql<{ kind: 'room' | 'user'; id: number; seq: number }>`${prepared}
    SELECT 'room' AS kind, id, event_seq AS seq FROM rooms WHERE id = ANY (${roomIds}::bigint[])
    UNION ALL
    SELECT 'user', user_id, event_seq FROM user_positions WHERE user_id = ANY (${userIds}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [topicOf(row.kind, row.id), row.seq]))
}
