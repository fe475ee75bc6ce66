import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'

/**
 * A message as it is stored, with its sender's name and how large its image is. Content and image of a deleted one are
 * gone.
 */
export type MessageRow = Readonly<{
  id: number
  no: number
  room_id: number
  sender_id: number
  username: string
  client_id: string | null
  content: string
  image: string | null
  image_width: number | null
  image_height: number | null
  created_at: string
  edited_at: string | null
  deleted_at: string | null
}>

/** The image's row is looked up by its primary key, and only of messages with one: a page of texts looks nothing up. */
function selectMessages(db: Db) {
  return db
    .selectFrom('messages as m')
    .innerJoin('users as u', 'u.id', 'm.sender_id')
    .leftJoin('media as i', 'i.key', 'm.image')
    .select([
      'm.id',
      'm.no',
      'm.room_id',
      'm.sender_id',
      'u.username',
      'm.client_id',
      'm.content',
      'm.image',
      'i.width as image_width',
      'i.height as image_height',
      'm.created_at',
      'm.edited_at',
      'm.deleted_at',
    ])
}

/** A message of a room, deleted or not. */
export function findMessage(db: Db, roomId: number, id: number): Promise<MessageRow | undefined> {
  return selectMessages(db)
    .where('m.room_id', '=', roomId)
    .where('m.id', '=', id)
    .modifyFront(prepared)
    .executeTakeFirst()
}

/** Where a stretch of a room's messages starts and which way it goes. */
export type MessageRange = Readonly<{ after: number | undefined; isAscending: boolean; limit: number }>

function selectRange(db: Db, roomId: number, { after, isAscending, limit }: MessageRange) {
  const all = selectMessages(db).where('m.room_id', '=', roomId)
  const query = after === undefined ? all : all.where('m.id', isAscending ? '>' : '<', after)
  return query.orderBy('m.id', isAscending ? 'asc' : 'desc').limit(limit)
}

/** Messages of a room that are not deleted, in the order of the range. */
export function listMessageRows(db: Db, roomId: number, range: MessageRange): Promise<MessageRow[]> {
  return selectRange(db, roomId, range).where('m.deleted_at', 'is', null).modifyFront(prepared).execute()
}

/** Messages of a room that have an image, in the order of the range; a deleted one has none. */
export function selectImages(db: Db, roomId: number, range: MessageRange) {
  return selectRange(db, roomId, range).where('m.image', 'is not', null)
}

/** Where to begin: a time, as ISO 8601, or the number of a message. */
export type From = Readonly<{ time: string } | { no: number }>

/**
 * Finds the first message of a room, deleted or not, of a time or number or later. Both grow with ids within a room, so that
 * it can be found by halving: some forty look-ups by the primary key, and no index for every message to pay for.
 */
export function firstMessageFrom(roomId: number, from: From): RawBuilder<{ id: number | null }> {
  const isBefore =
    'time' in from ? sql`probe.created_at < ${from.time}::timestamptz` : sql`probe.no < ${from.no}::bigint`
  // The one looked for is the first with an id of `low` or more; at the end `low` and `high` are the same.
  return sql`
    WITH RECURSIVE search (low, high) AS (
      SELECT (SELECT id FROM messages WHERE room_id = ${roomId} ORDER BY id LIMIT 1),
        (SELECT id FROM messages WHERE room_id = ${roomId} ORDER BY id DESC LIMIT 1) + 1
      UNION ALL
      SELECT CASE WHEN ${isBefore} THEN probe.id + 1 ELSE low END,
        CASE WHEN ${isBefore} THEN high ELSE (low + high) / 2 END
      FROM search CROSS JOIN LATERAL (
        SELECT id, no, created_at FROM messages WHERE room_id = ${roomId} AND id >= (low + high) / 2 ORDER BY id LIMIT 1
      ) probe
      WHERE low < high
    )
    SELECT low AS id FROM search WHERE low = high`
}

/** The id from which on the messages of a room are of a time or number or later; undefined where the room has none. */
export async function findFirstId(db: Db, roomId: number, from: From): Promise<number | undefined> {
  const { rows } = await firstMessageFrom(roomId, from).execute(db)
  return rows[0]?.id ?? undefined
}

/** The messages of a person in one room that are not deleted, oldest first, after an id. */
export function listMessagesBy(
  db: Db,
  { roomId, senderId, after, limit }: { roomId: number; senderId: number; after: number; limit: number },
) {
  return db
    .selectFrom('messages as m')
    .leftJoin('media as i', 'i.key', 'm.image')
    .select(['m.id', 'm.room_id', 'm.content', 'm.created_at', 'm.edited_at', 'm.image'])
    .select(['i.width as image_width', 'i.height as image_height'])
    .where('m.room_id', '=', roomId)
    .where('m.sender_id', '=', senderId)
    .where('m.id', '>', after)
    .where('m.deleted_at', 'is', null)
    .orderBy('m.id')
    .limit(limit)
    .execute()
}

/** Messages by room and id, for events that name them. Those that do not exist are left out. */
export async function listMessagesByKeys(
  db: Db,
  keys: readonly { roomId: number; id: number }[],
): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`${prepared}
    SELECT m.id, m.no, m.room_id, m.sender_id, u.username, m.client_id, m.content, m.image, i.width AS image_width,
      i.height AS image_height, m.created_at, m.edited_at, m.deleted_at
    FROM unnest(${keys.map((key) => key.roomId)}::bigint[], ${keys.map((key) => key.id)}::bigint[]) AS k (room_id, id)
    JOIN messages m ON m.room_id = k.room_id AND m.id = k.id
    JOIN users u ON u.id = m.sender_id
    LEFT JOIN media i ON i.key = m.image`.execute(db)
  return rows
}

/** Gives a message another text and image. */
export async function setMessage(
  tx: Tx,
  message: { room_id: number; id: number },
  change: { content: string; image: string | null },
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ ...change, edited_at: sql<string>`clock_timestamp()` })
    .where('room_id', '=', message.room_id)
    .where('id', '=', message.id)
    .execute()
}

/** Turns a message into a tombstone: its place stays, what it said is gone. */
export async function buryMessage(tx: Tx, message: { room_id: number; id: number }): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ content: '', image: null, deleted_at: sql<string>`clock_timestamp()` })
    .where('room_id', '=', message.room_id)
    .where('id', '=', message.id)
    .execute()
}

/** Makes the newest message that is left the room's last one, if the given one was. */
export async function setLastMessageBefore(tx: Tx, message: { room_id: number; id: number }): Promise<void> {
  await tx
    .updateTable('rooms')
    .set((set) => ({
      last_message_id: set
        .selectFrom('messages')
        .select('id')
        .where('room_id', '=', message.room_id)
        .where('id', '<', message.id)
        .where('deleted_at', 'is', null)
        .orderBy('id', 'desc')
        .limit(1),
    }))
    .where('id', '=', message.room_id)
    .where('last_message_id', '=', message.id)
    .execute()
}

/** Whether somebody may write in a room now: always in a group, in a direct room unless a block or a wish forbids it. */
export async function mayWrite(db: Db, roomId: number, userId: number): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`${prepared}
    SELECT r.kind = 'group' OR coalesce(bool_and(may_message(${userId}, o.user_id)), true) AS may
    FROM rooms r LEFT JOIN room_members o ON o.room_id = r.id AND o.user_id <> ${userId} AND r.kind = 'direct'
    WHERE r.id = ${roomId} GROUP BY r.kind`.execute(db)
  return rows[0]?.may ?? false
}
