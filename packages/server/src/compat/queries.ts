import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import { unreadCount } from '../db/unread-count.ts'

/** The rooms somebody is in. */
export async function listRoomIds(db: Db, userId: number): Promise<number[]> {
  const rows = await db.selectFrom('room_members').select('room_id').where('user_id', '=', userId).execute()
  return rows.map((row) => row.room_id)
}

/** Whether there is anything to show of a room's messages. */
export async function hasMessages(db: Db, roomId: number): Promise<boolean> {
  const row = await db.selectFrom('rooms').select('last_message_id').where('id', '=', roomId).executeTakeFirst()
  return typeof row?.last_message_id === 'number'
}

/** A room as a sidebar shows it to somebody: its last message, if there is one, and what they have not read. */
export type SidebarRow = Readonly<{
  room_id: number
  user_id: number
  unread_count: number
  id: number | null
  content: string | null
  username: string | null
  created_at: string | null
}>

/** The rows of some rooms for some of their members; who is not a member gets none. */
export async function listSidebarRows(
  db: Db,
  wanted: readonly { roomId: number; userId: number }[],
): Promise<SidebarRow[]> {
  const { rows } = await sql<SidebarRow>`
    SELECT m.room_id, m.user_id, ${unreadCount} AS unread_count, l.id, l.content, u.username, l.created_at
    FROM unnest(${wanted.map((one) => one.roomId)}::bigint[], ${wanted.map((one) => one.userId)}::bigint[]) AS w (room_id, user_id)
    JOIN room_members m ON m.room_id = w.room_id AND m.user_id = w.user_id
    JOIN rooms r ON r.id = m.room_id
    LEFT JOIN messages l ON l.room_id = r.id AND l.id = r.last_message_id
    LEFT JOIN users u ON u.id = l.sender_id`.execute(db)
  return rows
}

/** The rooms of somebody in which a message was sent since a time. */
export async function listRecentlyActive(db: Db, userId: number, since: string): Promise<number[]> {
  const rows = await db
    .selectFrom('room_members as m')
    .innerJoin('rooms as r', 'r.id', 'm.room_id')
    .select('m.room_id')
    .where('m.user_id', '=', userId)
    .where('r.last_message_at', '>', since)
    .execute()
  return rows.map((row) => row.room_id)
}

/** Of what was told to somebody the newest, in which new rooms are looked for: some seconds of it. */
const LAST_EVENTS = 2_000

/** What was told of new rooms since a time, of those that somebody is still in. */
export async function listRecentlyCreated(db: Db, userId: number, since: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ data: Record<string, unknown> }>`
    SELECT e.data FROM user_events e
    WHERE e.user_id = ${userId} AND e.type = 'room.created' AND e.created_at > ${since}
      AND e.seq > (SELECT event_seq FROM user_positions WHERE user_id = ${userId}) - ${LAST_EVENTS}
      AND EXISTS (
        SELECT FROM room_members m WHERE m.user_id = ${userId} AND m.room_id = (e.data->'room'->>'id')::bigint
      )
    ORDER BY e.seq`.execute(db)
  return rows.map((row) => row.data)
}
