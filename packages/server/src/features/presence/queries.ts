import type { OwnStatus } from '@confab/contract/presence/resources'
import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'

/** That one person may see another's presence. */
export type Sighting = Readonly<{ subjectId: number; viewerId: number; status: OwnStatus }>

/** Whose sightings are asked for. */
export type SightingsOf = Readonly<{
  subjectIds: readonly number[]
  /** People in groups larger than this are not told. */
  maxMembers: number
  /** Only these viewers are of interest; all of them where it is undefined. */
  viewerIds: readonly number[] | undefined
}>

/**
 * Who may see the presence of some people: their friends, and those they share a direct room or a group of up to
 * `maxMembers` with; never where either blocked the other, and nobody where they show it to nobody.
 */
export async function listSightings(db: Db, { subjectIds, maxMembers, viewerIds }: SightingsOf): Promise<Sighting[]> {
  const viewers = viewerIds ?? null
  // People of one room come and go together, as after the restart of a server: each room is looked at once.
  const { rows } = await sql<Sighting>`
    WITH subjects AS MATERIALIZED (
      SELECT u.id, u.presence_status FROM users u
      WHERE u.id = ANY (${subjectIds}::bigint[]) AND shows_presence(u.presence_visibility, u.presence_status)
    ), seats AS MATERIALIZED (
      SELECT m.user_id AS subject_id, m.room_id FROM room_members m WHERE m.user_id IN (SELECT s.id FROM subjects s)
    ), told AS MATERIALIZED (
      SELECT r.room_id FROM (SELECT DISTINCT room_id FROM seats) r
      WHERE (SELECT count(*) FROM (SELECT FROM room_members WHERE room_id = r.room_id LIMIT ${maxMembers + 1}) c)
        <= ${maxMembers}
    ), mates AS MATERIALIZED (
      SELECT m.room_id, m.user_id FROM told JOIN room_members m ON m.room_id = told.room_id
      WHERE ${viewers}::bigint[] IS NULL OR m.user_id = ANY (${viewers}::bigint[])
    ), known AS (
      SELECT s.id AS subject_id, f.high_id AS viewer_id FROM subjects s JOIN friendships f ON f.low_id = s.id
      UNION
      SELECT s.id, f.low_id FROM subjects s JOIN friendships f ON f.high_id = s.id
      UNION
      SELECT seats.subject_id, mates.user_id FROM seats JOIN mates ON mates.room_id = seats.room_id
    )
    SELECT k.subject_id AS "subjectId", k.viewer_id AS "viewerId", s.presence_status AS status
    FROM known k JOIN subjects s ON s.id = k.subject_id
    WHERE k.subject_id <> k.viewer_id
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = k.subject_id AND b.blocked_id = k.viewer_id)
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = k.viewer_id AND b.blocked_id = k.subject_id)`.execute(
    db,
  )
  return rows
}

/** Writes down when people were last here; never sets it back. */
export async function setLastSeen(db: Db, seen: ReadonlyMap<number, string>): Promise<void> {
  if (seen.size === 0) return
  await sql`
    UPDATE users SET last_seen_at = greatest(last_seen_at, s.at)
    FROM unnest(${[...seen.keys()]}::bigint[], ${[...seen.values()]}::timestamptz[]) AS s (id, at)
    WHERE users.id = s.id AND users.deleted_at IS NULL`.execute(db)
}

/** Who was last here at a time or later, and when. */
export async function listSeenSince(db: Db, since: Date): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'last_seen_at'])
    .where('last_seen_at', '>=', since.toISOString())
    .where('deleted_at', 'is', null)
    .execute()
  return new Map(rows.flatMap(({ id, last_seen_at: at }) => (at === null ? [] : [[id, at]])))
}

/** What a viewer may know of somebody. */
export type Visible = Readonly<{ subjectId: number; viewerId: number; status: OwnStatus; lastSeenAt: string | null }>

/**
 * Of pairs of people and viewers those in which the viewer may see the person's presence: they are friends or share a
 * room, neither blocked the other, and the person shows it.
 */
export async function listVisible(
  db: Db,
  pairs: readonly { subjectId: number; viewerId: number }[],
): Promise<Visible[]> {
  const { rows } = await sql<Visible>`
    SELECT p.subject_id AS "subjectId", p.viewer_id AS "viewerId", u.presence_status AS status,
      u.last_seen_at AS "lastSeenAt"
    FROM unnest(
      ${pairs.map((pair) => pair.subjectId)}::bigint[], ${pairs.map((pair) => pair.viewerId)}::bigint[]
    ) AS p (subject_id, viewer_id)
    JOIN users u ON u.id = p.subject_id
    WHERE shows_presence(u.presence_visibility, u.presence_status)
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = p.subject_id AND b.blocked_id = p.viewer_id)
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = p.viewer_id AND b.blocked_id = p.subject_id)
      AND (p.subject_id = p.viewer_id OR EXISTS (
        SELECT FROM friendships f
        WHERE f.low_id = least(p.subject_id, p.viewer_id) AND f.high_id = greatest(p.subject_id, p.viewer_id)
      ) OR EXISTS (
        SELECT FROM room_members mine JOIN room_members theirs ON theirs.room_id = mine.room_id
        WHERE mine.user_id = p.viewer_id AND theirs.user_id = p.subject_id
      )
    )`.execute(db)
  return rows
}

/** Sets what somebody says of themselves. @returns what it was before */
export async function setStatus(db: Db, userId: number, status: OwnStatus): Promise<OwnStatus | undefined> {
  const { rows } = await sql<{ before: OwnStatus }>`
    UPDATE users u SET presence_status = ${status}
    FROM (SELECT id, presence_status FROM users WHERE id = ${userId} FOR UPDATE) old
    WHERE u.id = old.id RETURNING old.presence_status AS before`.execute(db)
  return rows[0]?.before
}
