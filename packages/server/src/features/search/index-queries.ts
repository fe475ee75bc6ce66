import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Indexed } from './terms.ts'

/** A message by its room and id. */
export type MessageKey = Readonly<{ roomId: number; messageId: number }>

/** What is to be indexed of a message. */
export type MessageText = MessageKey & Readonly<{ content: string; username: string }>

/** The texts of all rooms after a message, in the order of rooms and ids. */
export async function listTextsAfter(db: Db, after: MessageKey, limit: number): Promise<MessageText[]> {
  const { rows } = await sql<MessageText>`
    SELECT m.room_id AS "roomId", m.id AS "messageId", m.content, u.username
    FROM messages m JOIN users u ON u.id = m.sender_id JOIN rooms r ON r.id = m.room_id
    WHERE (m.room_id, m.id) > (${after.roomId}, ${after.messageId})
      AND m.deleted_at IS NULL AND m.content <> '' AND r.deleted_at IS NULL
    ORDER BY m.room_id, m.id LIMIT ${limit}`.execute(db)
  return rows
}

type Entry = MessageKey & Indexed

/** Writes what is searched of messages; one that is there is replaced. */
export async function upsertIndexed(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length > 0) await upsert(entries, sql`true`).execute(tx)
}

/** What became of some messages, and the positions to be moved for it. */
export type TakenIn = Readonly<{
  moved: RawBuilder<{ room_id: number }>
  entries: readonly Entry[]
  gone: readonly MessageKey[]
}>

/**
 * Writes what is searched of messages and takes others out of the index, in the rooms whose position can be moved. May be
 * lost, with the positions, when Postgres crashes, and is then done again: the commit does not wait for the disk.
 *
 * @returns the rooms whose positions were moved
 */
export async function takeIn(db: Db, { moved, entries, gone }: TakenIn): Promise<number[]> {
  const isMoved = (rooms: string) => sql`${sql.ref(rooms)} IN (SELECT room_id FROM moved)`
  const { rows } = await sql<{ room_id: number }>`${prepared}
    WITH moved AS MATERIALIZED (SELECT room_id FROM ${moved})
    ${entries.length > 0 ? sql`, written AS (${upsert(entries, isMoved('i.room_id'))})` : sql``}
    ${gone.length > 0 ? sql`, removed AS (${remove(gone, isMoved('k.room_id'))})` : sql``}
    SELECT room_id, set_config('synchronous_commit', 'off', true) FROM moved`.execute(db)
  return rows.map((row) => row.room_id)
}

function upsert(entries: readonly Entry[], condition: RawBuilder<unknown>) {
  const grams = entries.map((entry) => `{${entry.grams.join(',')}}`)
  return sql`
    INSERT INTO message_search (room_id, message_id, text, sender, grams)
    SELECT i.room_id, i.message_id, i.text, i.sender, i.grams::integer[]
    FROM unnest(
      ${roomIds(entries)}::bigint[], ${messageIds(entries)}::bigint[], ${entries.map((entry) => entry.text)}::text[],
      ${entries.map((entry) => entry.sender)}::text[], ${grams}::text[]
    ) AS i (room_id, message_id, text, sender, grams)
    WHERE ${condition}
    ORDER BY i.room_id, i.message_id
    ON CONFLICT (room_id, message_id) DO UPDATE
    SET text = excluded.text, sender = excluded.sender, grams = excluded.grams
    WHERE message_search.text <> excluded.text OR message_search.grams <> excluded.grams`
}

function remove(keys: readonly MessageKey[], condition: RawBuilder<unknown>) {
  return sql`
    DELETE FROM message_search s USING unnest(${roomIds(keys)}::bigint[], ${messageIds(keys)}::bigint[]) AS k (room_id, id)
    WHERE s.room_id = k.room_id AND s.message_id = k.id AND ${condition}`
}

/** Deletes what the index has of deleted rooms. @returns how many messages, at most `limit` */
export async function removeOfDeletedRooms(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM message_search WHERE (room_id, message_id) IN (
      SELECT s.room_id, s.message_id FROM rooms r
      CROSS JOIN LATERAL (SELECT * FROM message_search i WHERE i.room_id = r.id LIMIT ${limit}) s
      WHERE r.deleted_at IS NOT NULL LIMIT ${limit}
    )`.execute(db)
  return Number(numAffectedRows ?? 0)
}

function roomIds(keys: readonly MessageKey[]): number[] {
  return keys.map((key) => key.roomId)
}

function messageIds(keys: readonly MessageKey[]): number[] {
  return keys.map((key) => key.messageId)
}
