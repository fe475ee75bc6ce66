import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { chatName, escapeLike, type Rank } from './queries.ts'

/** Somebody who was found. */
export type PersonRow = Readonly<{
  rank: Rank
  /** The username in lower case: what people of one rank are ordered by. */
  key: string
  id: number
  username: string
  full_name: string | null
  image: string | null
}>

/** Where a page of people starts, in which direction it is read, and how long it is. */
export type PersonRange = Readonly<{
  after: { rank: Rank; key: string; id: number } | undefined
  isBackward: boolean
  limit: number
}>

/** People in whose names every word occurs, but for those who blocked the one who looks. */
export async function listPeopleNamed(
  db: Db,
  viewerId: number,
  words: readonly string[],
  { after, isBackward, limit }: PersonRange,
): Promise<PersonRow[]> {
  const escaped = words.map((word) => escapeLike(word))
  const names = sql`lower(u.username || ' ' || u.first_name || ' ' || u.last_name)`
  // Of words of one or two letters Postgres has an index for their beginning only.
  const conditions = escaped.map((word) =>
    word.length > 2
      ? sql`${names} LIKE lower(${`%${word}%`})`
      : sql`(${names} LIKE lower(${`${word}%`}) OR ${names} LIKE lower(${`% ${word}%`}))`,
  )
  const whole = escaped.map((word) => `% ${word.toLowerCase()} %`)
  const starts = escaped.map((word) => `% ${word.toLowerCase()}%`)
  const beyond = isBackward ? sql`<` : sql`>`
  const order = isBackward ? sql`DESC` : sql`ASC`
  const { rows } = await sql<PersonRow>`
    SELECT * FROM (
      SELECT u.id, u.username, lower(u.username) AS key, u.image,
        nullif(trim(u.first_name || ' ' || u.last_name), '') AS full_name,
        CASE WHEN ' ' || ${names} || ' ' LIKE ALL (${whole}::text[]) THEN 1
          WHEN ' ' || ${names} LIKE ALL (${starts}::text[]) THEN 2 ELSE 3 END AS rank
      FROM users u
      WHERE ${sql.join(conditions, sql` AND `)}
        AND u.deleted_at IS NULL
        AND u.id <> ALL (ARRAY(SELECT blocker_id FROM blocks WHERE blocked_id = ${viewerId}))
    ) ranked
    ${after === undefined ? sql`` : sql`WHERE (rank, key, id) ${beyond} (${after.rank}, ${after.key}, ${after.id})`}
    ORDER BY rank ${order}, key ${order}, id ${order} LIMIT ${limit}`.execute(db)
  return rows
}

/** A room of one's own, with what it may be found by. */
export type OwnRoomRow = Readonly<{
  id: number
  is_group: boolean
  chat_name: string
  /** The other's username, of a direct room. */
  other_name: string
  /** Of the group, or the other's. */
  image: string | null
  active_at: string
}>

/** All rooms that somebody is in, those with the latest activity first. */
export async function listOwnRooms(db: Db, userId: number): Promise<OwnRoomRow[]> {
  const { rows } = await sql<OwnRoomRow>`
    SELECT r.id, r.kind = 'group' AS is_group, coalesce(${chatName(userId)}, '') AS chat_name,
      coalesce(o.username, '') AS other_name, CASE r.kind WHEN 'group' THEN r.image ELSE o.image END AS image, r.active_at
    FROM room_members me
    JOIN rooms r ON r.id = me.room_id AND r.deleted_at IS NULL
    LEFT JOIN LATERAL (
      SELECT p.username, p.image FROM room_members d JOIN users p ON p.id = d.user_id
      WHERE r.kind = 'direct' AND d.room_id = r.id AND d.user_id <> ${userId} LIMIT 1
    ) o ON true
    WHERE me.user_id = ${userId}
    ORDER BY r.active_at DESC, r.id DESC`.execute(db)
  return rows
}
