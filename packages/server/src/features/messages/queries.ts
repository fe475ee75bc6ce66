import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'

/** A message as it is stored, with its sender's name. Content and image of a deleted one are gone. */
export type MessageRow = Readonly<{
  id: number
  no: number
  room_id: number
  sender_id: number
  username: string
  client_id: string | null
  content: string
  image: string | null
  created_at: string
  edited_at: string | null
  deleted_at: string | null
}>

function selectMessages(db: Db) {
  return db
    .selectFrom('messages as m')
    .innerJoin('users as u', 'u.id', 'm.sender_id')
    .select([
      'm.id',
      'm.no',
      'm.room_id',
      'm.sender_id',
      'u.username',
      'm.client_id',
      'm.content',
      'm.image',
      'm.created_at',
      'm.edited_at',
      'm.deleted_at',
    ])
}

/** A message of a room, deleted or not. */
export function findMessage(db: Db, roomId: number, id: number): Promise<MessageRow | undefined> {
  return selectMessages(db).where('m.room_id', '=', roomId).where('m.id', '=', id).executeTakeFirst()
}

/** Where a stretch of a room's messages starts and which way it goes. */
export type MessageRange = Readonly<{ after: number | undefined; isAscending: boolean; limit: number }>

/** Messages of a room that are not deleted, in the order of the range. */
export function listMessageRows(db: Db, roomId: number, range: MessageRange): Promise<MessageRow[]> {
  let query = selectMessages(db).where('m.room_id', '=', roomId).where('m.deleted_at', 'is', null)
  if (range.after !== undefined) query = query.where('m.id', range.isAscending ? '>' : '<', range.after)
  return query
    .orderBy('m.id', range.isAscending ? 'asc' : 'desc')
    .limit(range.limit)
    .execute()
}

/** Messages by room and id, for events that name them. Those that do not exist are left out. */
export async function listMessagesByKeys(
  db: Db,
  keys: readonly { roomId: number; id: number }[],
): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    SELECT m.id, m.no, m.room_id, m.sender_id, u.username, m.client_id, m.content, m.image, m.created_at, m.edited_at, m.deleted_at
    FROM unnest(${keys.map((key) => key.roomId)}::bigint[], ${keys.map((key) => key.id)}::bigint[]) AS k (room_id, id)
    JOIN messages m ON m.room_id = k.room_id AND m.id = k.id
    JOIN users u ON u.id = m.sender_id`.execute(db)
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
  const { rows } = await sql<{ may: boolean }>`
    SELECT r.kind = 'group' OR coalesce(bool_and(may_message(${userId}, o.user_id)), true) AS may
    FROM rooms r LEFT JOIN room_members o ON o.room_id = r.id AND o.user_id <> ${userId} AND r.kind = 'direct'
    WHERE r.id = ${roomId} GROUP BY r.kind`.execute(db)
  return rows[0]?.may ?? false
}
