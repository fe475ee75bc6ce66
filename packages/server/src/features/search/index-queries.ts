import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { Indexed } from './terms.ts'

/** A message by its room and id. */
export type MessageKey = Readonly<{ roomId: number; messageId: number }>

/** What is to be indexed of a message. */
export type MessageText = MessageKey & Readonly<{ content: string; username: string }>

const textColumns = sql`m.room_id AS "roomId", m.id AS "messageId", m.content, u.username`

/** The texts of those messages that are there and have one. */
export async function listTexts(db: Db, keys: readonly MessageKey[]): Promise<MessageText[]> {
  const { rows } = await sql<MessageText>`
    SELECT ${textColumns}
    FROM (SELECT DISTINCT * FROM unnest(${roomIds(keys)}::bigint[], ${messageIds(keys)}::bigint[]) AS e (room_id, id)) k
    JOIN messages m ON m.room_id = k.room_id AND m.id = k.id
    JOIN users u ON u.id = m.sender_id
    JOIN rooms r ON r.id = m.room_id
    WHERE m.deleted_at IS NULL AND m.content <> '' AND r.deleted_at IS NULL`.execute(db)
  return rows
}

/** The texts of all rooms after a message, in the order of rooms and ids. */
export async function listTextsAfter(db: Db, after: MessageKey, limit: number): Promise<MessageText[]> {
  const { rows } = await sql<MessageText>`
    SELECT ${textColumns}
    FROM messages m JOIN users u ON u.id = m.sender_id JOIN rooms r ON r.id = m.room_id
    WHERE (m.room_id, m.id) > (${after.roomId}, ${after.messageId})
      AND m.deleted_at IS NULL AND m.content <> '' AND r.deleted_at IS NULL
    ORDER BY m.room_id, m.id LIMIT ${limit}`.execute(db)
  return rows
}

/** Writes what is searched of messages; one that is there is replaced. */
export async function upsertIndexed(tx: Tx, entries: readonly (MessageKey & Indexed)[]): Promise<void> {
  if (entries.length === 0) return
  const grams = entries.map((entry) => `{${entry.grams.join(',')}}`)
  await sql`
    INSERT INTO message_search (room_id, message_id, text, sender, grams)
    SELECT i.room_id, i.message_id, i.text, i.sender, i.grams::integer[]
    FROM unnest(
      ${roomIds(entries)}::bigint[], ${messageIds(entries)}::bigint[], ${entries.map((entry) => entry.text)}::text[],
      ${entries.map((entry) => entry.sender)}::text[], ${grams}::text[]
    ) AS i (room_id, message_id, text, sender, grams)
    ORDER BY i.room_id, i.message_id
    ON CONFLICT (room_id, message_id) DO UPDATE
    SET text = excluded.text, sender = excluded.sender, grams = excluded.grams
    WHERE message_search.text <> excluded.text OR message_search.grams <> excluded.grams`.execute(tx)
}

/** Takes messages out of the index. */
export async function removeIndexed(tx: Tx, keys: readonly MessageKey[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    DELETE FROM message_search s USING unnest(${roomIds(keys)}::bigint[], ${messageIds(keys)}::bigint[]) AS k (room_id, id)
    WHERE s.room_id = k.room_id AND s.message_id = k.id`.execute(tx)
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
