import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { unreadCount } from '../../db/unread-count.ts'

/** How far one of somebody's rooms has come, and how far they have read it. */
export type RoomPosition = Readonly<{
  id: number
  seq: number
  unread_count: number
  is_hidden: boolean
}>

/** All rooms of somebody. One statement, so that the counts of a room belong to its position. */
export async function listRoomPositions(db: Db, userId: number): Promise<RoomPosition[]> {
  const { rows } = await sql<RoomPosition>`${prepared}
    SELECT r.id, r.event_seq AS seq, ${unreadCount} AS unread_count,
      m.hidden_no IS NOT NULL AND r.message_no <= m.hidden_no AS is_hidden
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = ${userId} AND r.deleted_at IS NULL`.execute(db)
  return rows
}

/** The number of the last event of somebody's own topic. */
export async function getUserPosition(db: Db, userId: number): Promise<number> {
  const { rows } = await sql<{ event_seq: number }>`${prepared}
    SELECT event_seq FROM user_positions WHERE user_id = ${userId}`.execute(db)
  return rows[0]?.event_seq ?? 0
}

/** The rooms somebody is in. */
export async function listRoomIds(db: Db, userId: number): Promise<number[]> {
  const { rows } = await sql<{ room_id: number }>`${prepared}
    SELECT room_id FROM room_members WHERE user_id = ${userId}`.execute(db)
  return rows.map((row) => row.room_id)
}

/** This database's own mark. */
export async function getMark(db: Db): Promise<string> {
  const row = await db.selectFrom('instance').select('value').where('key', '=', 'epoch').executeTakeFirst()
  return row?.value ?? ''
}

/**
 * The cluster that the database lies in, and its timeline, which every recovery to an earlier point begins anew.
 *
 * @throws where the role may not ask
 */
export async function getClusterMark(db: Db): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    SELECT (SELECT system_identifier FROM pg_control_system())::text || '.' ||
      (SELECT timeline_id FROM pg_control_checkpoint())::text || '.' ||
      (SELECT oid FROM pg_database WHERE datname = current_database())::text AS id`.execute(db)
  return rows[0]?.id ?? ''
}
