import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'

/** A room as far as it differs from one member to another. */
export type ViewedRoom = Readonly<{
  viewerId: number
  kind: 'direct' | 'group'
  name: string
  image: string | null
  createdAt: string
  memberCount: number
  isAdmin: boolean
  mutedUntil: string | null
}>

/** The room once for each of the people given who is a member of it. */
export async function listViewedRooms(db: Db, roomId: number, viewerIds: readonly number[]): Promise<ViewedRoom[]> {
  const { rows } = await sql<ViewedRoom>`${prepared}
    SELECT m.user_id AS "viewerId", r.kind, r.name, r.image, r.created_at AS "createdAt",
      (SELECT count(*) FROM room_members WHERE room_id = ${roomId}) AS "memberCount",
      m.role = 'admin' AS "isAdmin",
      CASE WHEN m.muted_until > now() THEN m.muted_until END AS "mutedUntil"
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = ${roomId} AND m.user_id = ANY (${viewerIds}::bigint[]) AND r.deleted_at IS NULL`.execute(db)
  return rows
}

/** The group that a link leads to. */
export async function findInvitingRoom(
  db: Db,
  shareId: string,
): Promise<Readonly<{ name: string; image: string | null; memberCount: number }> | undefined> {
  const { rows } = await sql<{ name: string; image: string | null; memberCount: number }>`
    SELECT r.name, r.image, (SELECT count(*) FROM room_members WHERE room_id = r.id) AS "memberCount"
    FROM rooms r WHERE r.share_id = ${shareId} AND r.deleted_at IS NULL`.execute(db)
  return rows[0]
}

/** A member as they are stored. */
export type MemberRow = Readonly<{
  id: number
  username: string
  firstName: string
  lastName: string
  image: string | null
  isAdmin: boolean
  /** Whether they let others know when they are there. */
  showsPresence: boolean
  lastSeenAt: string | null
}>

const memberColumns = sql`u.id, u.username, u.first_name AS "firstName", u.last_name AS "lastName", u.image,
  m.role = 'admin' AS "isAdmin", shows_presence(u.presence_visibility, u.presence_status) AS "showsPresence",
  u.last_seen_at AS "lastSeenAt"`

/** The members of a room by id; of more than the limit, the admins come first. */
export async function listMemberRows(db: Db, roomId: number, limit: number | null): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`${prepared}
    SELECT ${memberColumns} FROM room_members m JOIN users u ON u.id = m.user_id
    WHERE m.room_id = ${roomId} ORDER BY m.role = 'admin' DESC, u.id LIMIT ${limit}`.execute(db)
  return rows.sort((one, other) => one.id - other.id)
}

/** Those of the people given who are members of a room. */
export async function listMemberRowsOf(db: Db, roomId: number, userIds: readonly number[]): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`${prepared}
    SELECT ${memberColumns} FROM room_members m JOIN users u ON u.id = m.user_id
    WHERE m.room_id = ${roomId} AND m.user_id = ANY (${userIds}::bigint[]) ORDER BY u.id`.execute(db)
  return rows
}

/** The pairs of a viewer and somebody seen between whom there is a block, whoever made it. */
export async function listBlockedPairs(
  db: Db,
  viewerIds: readonly number[],
  seenIds: readonly number[],
): Promise<{ viewerId: number; seenId: number }[]> {
  const { rows } = await sql<{ viewerId: number; seenId: number }>`${prepared}
    SELECT blocker_id AS "viewerId", blocked_id AS "seenId" FROM blocks
    WHERE blocker_id = ANY (${viewerIds}::bigint[]) AND blocked_id = ANY (${seenIds}::bigint[])
    UNION ALL
    SELECT blocked_id, blocker_id FROM blocks
    WHERE blocked_id = ANY (${viewerIds}::bigint[]) AND blocker_id = ANY (${seenIds}::bigint[])`.execute(db)
  return rows
}
