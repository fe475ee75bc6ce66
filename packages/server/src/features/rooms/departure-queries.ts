import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'

/** Locks all rooms that somebody is in, in the order of their ids. */
export async function lockRoomsOf(tx: Tx, userId: number): Promise<void> {
  await sql`
    SELECT id FROM rooms WHERE id = ANY (ARRAY(SELECT room_id FROM room_members WHERE user_id = ${userId}))
    ORDER BY id FOR NO KEY UPDATE`.execute(tx)
}

/** Somebody's place in one of their rooms. */
export type Place = Readonly<{
  roomId: number
  kind: 'direct' | 'group'
  image: string | null
  role: 'admin' | 'member'
  /** Of those who are not deleted. */
  others: number
  otherAdmins: number
}>

/** The places of somebody in all their rooms. */
export async function listPlaces(tx: Tx, userId: number): Promise<Place[]> {
  const { rows } = await sql<Place>`
    SELECT r.id AS "roomId", r.kind, r.image, me.role, c.others, c."otherAdmins"
    FROM room_members me
    JOIN rooms r ON r.id = me.room_id AND r.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT count(*) AS others, count(*) FILTER (WHERE m.role = 'admin') AS "otherAdmins"
      FROM room_members m JOIN users u ON u.id = m.user_id
      WHERE m.room_id = me.room_id AND m.user_id <> me.user_id AND u.deleted_at IS NULL
    ) c
    WHERE me.user_id = ${userId} ORDER BY r.id`.execute(tx)
  return rows
}

/** Makes the one who has been there longest an admin, in each of the rooms; somebody does not count. */
export async function promoteOldest(
  tx: Tx,
  exceptUserId: number,
  roomIds: readonly number[],
): Promise<{ roomId: number; userId: number }[]> {
  const { rows } = await sql<{ roomId: number; userId: number }>`
    UPDATE room_members m SET role = 'admin'
    FROM (
      SELECT DISTINCT ON (room_id) room_id, user_id FROM room_members
      WHERE room_id = ANY (${roomIds}::bigint[]) AND user_id <> ${exceptUserId}
      ORDER BY room_id, joined_at, user_id
    ) heir
    WHERE m.room_id = heir.room_id AND m.user_id = heir.user_id
    RETURNING m.room_id AS "roomId", m.user_id AS "userId"`.execute(tx)
  return rows
}

/** Takes somebody out of rooms. */
export async function deleteMemberships(tx: Tx, userId: number, roomIds: readonly number[]): Promise<void> {
  await sql`DELETE FROM room_members WHERE user_id = ${userId} AND room_id = ANY (${roomIds}::bigint[])`.execute(tx)
}
