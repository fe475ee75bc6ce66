import type { ParticipantName } from '@confab/contract/rooms/resources'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'

/** Somebody who is to be put in a group, and whether they let this person do it. */
export type Invited = Readonly<{ id: number; username: string; mayBeAdded: boolean }>

/** Those of the ids that are people, and not deleted. Who blocked the adder, or lets only friends add them, may not be added. */
export async function listInvited(db: Db, adderId: number, ids: readonly number[]): Promise<Invited[]> {
  const { rows } = await sql<Invited>`
    SELECT u.id, u.username,
      NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = ${adderId})
        AND (u.allow_group_adds = 'everyone' OR are_friends(u.id, ${adderId})) AS "mayBeAdded"
    FROM users u WHERE u.id = ANY (${ids}::bigint[]) AND u.deleted_at IS NULL ORDER BY u.id`.execute(db)
  return rows
}

/** Whether one person may open a direct room with another. */
export async function mayMessage(db: Db, senderId: number, recipientId: number): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`SELECT may_message(${senderId}, ${recipientId}) AS may`.execute(db)
  return rows[0]?.may ?? false
}

/** Somebody's name. */
export function findUsername(db: Db, userId: number): Promise<{ username: string } | undefined> {
  return db.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirst()
}

/** How many are in a room, and how many of them are its admins. */
export async function countMembers(db: Db, roomId: number): Promise<{ members: number; admins: number }> {
  const { rows } = await sql<{ members: number; admins: number }>`
    SELECT count(*) AS members, count(*) FILTER (WHERE role = 'admin') AS admins
    FROM room_members WHERE room_id = ${roomId}`.execute(db)
  return rows[0] ?? { members: 0, admins: 0 }
}

/** Everyone in a room; of a direct room whose other person is deleted, the one who is left. */
export async function listMemberIds(db: Db, roomId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('room_members')
    .innerJoin('users', 'users.id', 'room_members.user_id')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('users.deleted_at', 'is', null)
    .execute()
  return rows.map((row) => row.user_id)
}

/** A page of the names in a room, by id; one row more than the page has. */
export async function listParticipantNames(
  db: Db,
  roomId: number,
  wanted: { after: number | undefined; isBackward: boolean; limit: number },
): Promise<ParticipantName[]> {
  const { after, isBackward, limit } = wanted
  let query = db
    .selectFrom('room_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.username', 'm.role'])
    .where('m.room_id', '=', roomId)
  if (after !== undefined) query = query.where('m.user_id', isBackward ? '<' : '>', after)
  const rows = await query
    .orderBy('m.user_id', isBackward ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute()
  return rows.map(({ id, username, role }) => ({ id, username, is_admin: role === 'admin' }))
}

/** Takes somebody out of a room; false where they are not in it. */
export async function deleteMember(tx: Tx, roomId: number, userId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('room_members')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return numDeletedRows > 0
}

/** Gives a member another role. */
export async function setRole(
  tx: Tx,
  { roomId, userId }: { roomId: number; userId: number },
  role: 'admin' | 'member',
): Promise<void> {
  await tx
    .updateTable('room_members')
    .set({ role })
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .execute()
}

/** Silences a room for a member until then; null lets it notify again. */
export async function setMutedUntil(tx: Tx, roomId: number, userId: number, until: string | null): Promise<void> {
  await tx
    .updateTable('room_members')
    .set({ muted_until: until })
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .execute()
}
