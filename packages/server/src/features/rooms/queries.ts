import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'

/** A room and one member's place in it. */
export type Membership = Readonly<{
  roomId: number
  kind: 'direct' | 'group'
  name: string
  image: string | null
  shareId: string | null
  /** The number of the room's latest message. */
  messageNo: number
  role: 'admin' | 'member'
  mutedUntil: string | null
}>

/** Somebody's place in a room; none where they are not in it, or it is gone. */
export async function findMembership(db: Db, roomId: number, userId: number): Promise<Membership | undefined> {
  const { rows } = await sql<Membership>`${prepared}
    SELECT r.id AS "roomId", r.kind, r.name, r.image, r.share_id AS "shareId", r.message_no AS "messageNo",
      m.role, m.muted_until AS "mutedUntil"
    FROM rooms r JOIN room_members m ON m.room_id = r.id
    WHERE r.id = ${roomId} AND m.user_id = ${userId} AND r.deleted_at IS NULL`.execute(db)
  return rows[0]
}

/**
 * Whether each person is in the room that is named with them, in the order given; one query for all. Who has deleted their
 * account is not, though a direct room keeps its two members.
 */
export async function areMembers(
  db: Db,
  asked: readonly Readonly<{ roomId: number; userId: number }>[],
): Promise<boolean[]> {
  const [rooms, users] = [asked.map(({ roomId }) => roomId), asked.map(({ userId }) => userId)]
  const { rows } = await sql<{ isMember: boolean }>`${prepared}
    SELECT EXISTS (
      SELECT FROM room_members m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.user_id
      WHERE m.room_id = asked.room_id AND m.user_id = asked.user_id AND r.deleted_at IS NULL AND u.deleted_at IS NULL
    ) AS "isMember"
    FROM unnest(${rooms}::bigint[], ${users}::bigint[]) WITH ORDINALITY AS asked(room_id, user_id, ord)
    ORDER BY asked.ord`.execute(db)
  return rows.map(({ isMember }) => isMember)
}

/** Locks a room against other changes of it; nothing where it does not exist. */
export async function lockRoom(tx: Tx, roomId: number): Promise<void> {
  await tx.selectFrom('rooms').select('id').where('id', '=', roomId).forNoKeyUpdate().execute()
}

/** Makes a group with a link of its own, and answers its id. */
export async function insertGroup(tx: Tx, group: { name: string; image: string | null }): Promise<number> {
  const { id } = await tx
    .insertInto('rooms')
    .values({ kind: 'group', ...group, share_id: sql<string>`gen_random_uuid()` })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Makes the direct room of a pair; undefined where it exists already. */
export async function insertDirectRoom(tx: Tx, key: string): Promise<number | undefined> {
  const row = await tx
    .insertInto('rooms')
    .values({ kind: 'direct', direct_key: key })
    .onConflict((conflict) => conflict.column('direct_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** The direct room of a pair, locked. */
export async function lockDirectRoom(tx: Tx, key: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('rooms')
    .select('id')
    .where('direct_key', '=', key)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row?.id
}

/**
 * Puts people in a room; what was said before they came is not unread to them. Who is in it already, or deleted, is passed over.
 *
 * @returns those who were not in it
 */
export async function insertMembers(
  tx: Tx,
  roomId: number,
  members: readonly { userId: number; role: 'admin' | 'member' }[],
): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    INSERT INTO room_members (room_id, user_id, role, read_no, joined_at)
    SELECT r.id, n.user_id, n.role, r.message_no, clock_timestamp()
    FROM rooms r, unnest(
      ${members.map((member) => member.userId)}::bigint[], ${members.map((member) => member.role)}::text[]
    ) AS n (user_id, role)
    JOIN users u ON u.id = n.user_id AND u.deleted_at IS NULL
    WHERE r.id = ${roomId}
    ORDER BY n.user_id
    ON CONFLICT DO NOTHING
    RETURNING user_id`.execute(tx)
  return rows.map((row) => row.user_id)
}

/** Shows a direct room again to those of the people who had hidden it, and answers who they are. */
export async function unhideRoom(tx: Tx, roomId: number, userIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    UPDATE room_members m SET hidden_no = NULL
    FROM rooms r
    WHERE r.id = ${roomId} AND m.room_id = r.id AND m.user_id = ANY (${userIds}::bigint[])
      AND m.hidden_no >= r.message_no
    RETURNING m.user_id`.execute(tx)
  return rows.map((row) => row.user_id)
}

/** Hides a direct room from a member until its next message; false where it is hidden already. */
export async function hideRoom(tx: Tx, roomId: number, userId: number): Promise<boolean> {
  const { rows } = await sql`
    UPDATE room_members m SET hidden_no = r.message_no
    FROM rooms r
    WHERE r.id = ${roomId} AND m.room_id = r.id AND m.user_id = ${userId}
      AND (m.hidden_no IS NULL OR m.hidden_no < r.message_no)
    RETURNING m.user_id`.execute(tx)
  return rows.length > 0
}

/** Gives a group another name or picture. */
export async function setRoom(tx: Tx, roomId: number, change: { name?: string; image?: string | null }): Promise<void> {
  await tx.updateTable('rooms').set(change).where('id', '=', roomId).execute()
}

/** Gives a group another link, or none. */
export async function setShareId(tx: Tx, roomId: number, shareId: string | null): Promise<void> {
  await tx.updateTable('rooms').set({ share_id: shareId }).where('id', '=', roomId).execute()
}

/** The group that a link leads to, locked. */
export async function lockRoomByShareId(tx: Tx, shareId: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('rooms')
    .select('id')
    .where('share_id', '=', shareId)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row?.id
}

/** Marks a group as deleted and takes all members out of it; what was said in it is purged later. */
export async function buryRoom(tx: Tx, roomId: number): Promise<void> {
  await tx.deleteFrom('room_members').where('room_id', '=', roomId).execute()
  await tx
    .updateTable('rooms')
    .set({ deleted_at: sql<string>`now()`, share_id: null, image: null })
    .where('id', '=', roomId)
    .execute()
}
