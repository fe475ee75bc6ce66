import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'

/** That one person may see another's presence. */
export type Sighting = Readonly<{ subjectId: number; viewerId: number }>

/**
 * Who may see the presence of some people: their friends, and those they share a direct room or a group of up to
 * `maxMembers` with; never where either blocked the other, and nobody where they show it to nobody.
 */
export async function listSightings(db: Db, subjectIds: readonly number[], maxMembers: number): Promise<Sighting[]> {
  const { rows } = await sql<Sighting>`
    WITH subjects AS (
      SELECT id FROM users WHERE id = ANY (${subjectIds}::bigint[]) AND presence_visibility = 'everyone'
    ), known AS (
      SELECT s.id AS subject_id, f.high_id AS viewer_id FROM subjects s JOIN friendships f ON f.low_id = s.id
      UNION
      SELECT s.id, f.low_id FROM subjects s JOIN friendships f ON f.high_id = s.id
      UNION
      SELECT s.id, other.user_id
      FROM subjects s
      JOIN room_members mine ON mine.user_id = s.id
      JOIN LATERAL (
        SELECT user_id FROM room_members WHERE room_id = mine.room_id LIMIT ${maxMembers + 1}
      ) other ON true
      WHERE (SELECT count(*) FROM (SELECT FROM room_members WHERE room_id = mine.room_id LIMIT ${maxMembers + 1}) c)
        <= ${maxMembers}
    )
    SELECT subject_id AS "subjectId", viewer_id AS "viewerId" FROM known
    WHERE subject_id <> viewer_id AND NOT has_block_between(subject_id, viewer_id)`.execute(db)
  return rows
}

/** Writes down when people were last here; never sets it back. */
export async function setLastSeen(db: Db, seen: ReadonlyMap<number, string>): Promise<void> {
  if (seen.size === 0) return
  await sql`
    UPDATE users SET last_seen_at = greatest(last_seen_at, s.at)
    FROM unnest(${[...seen.keys()]}::bigint[], ${[...seen.values()]}::timestamptz[]) AS s (id, at)
    WHERE users.id = s.id`.execute(db)
}
