import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { BOUNDARY } from './fold.ts'
import { gramKeys, type Term } from './terms.ts'

/** How well a text matches: 1 has all terms as whole words, 2 at the beginning of words, 3 anywhere. */
export type Rank = number

/** Where a page of hits starts, in which direction it is read, and how long it is. */
export type HitRange = Readonly<{
  after: { rank: Rank; id: number } | undefined
  isBackward: boolean
  limit: number
}>

/** A message that was found, of a room of somebody's own. */
export type HitRow = Readonly<{
  rank: Rank
  id: number
  room_id: number
  no: number
  created_at: string
  content: string
  /** A moment ago: the index does not know yet. It is on the page for its place in the list, and not to be shown. */
  is_deleted: boolean
  sender_id: number
  username: string
  is_group: boolean
  chat_name: string
}>

/** The rooms that somebody is in: all, or the one if they are in it. */
export async function listOwnRoomIds(db: Db, userId: number, roomId?: number): Promise<number[]> {
  let query = db
    .selectFrom('room_members as me')
    .innerJoin('rooms as r', 'r.id', 'me.room_id')
    .select('r.id')
    .where('me.user_id', '=', userId)
    .where('r.deleted_at', 'is', null)
    .modifyFront(prepared)
  if (roomId !== undefined) query = query.where('r.id', '=', roomId)
  return (await query.execute()).map((row) => row.id)
}

/** The hits in some rooms, the best first and of those the newest; none of a room that its reader is not in. */
export async function listHitRows(
  db: Db,
  userId: number,
  search: { roomIds: readonly number[]; terms: readonly Term[] },
  { after, isBackward, limit }: HitRange,
): Promise<HitRow[]> {
  const { roomIds, terms } = search
  const grams = [...new Set(terms.flatMap((term) => term.grams))]
  const keys = roomIds.map((roomId) => `{${gramKeys(roomId, grams).join(',')}}`)
  const beyond = isBackward ? sql`<` : sql`>`
  const order = isBackward ? sql`DESC` : sql`ASC`
  const idOrder = isBackward ? sql`ASC` : sql`DESC`
  const { rows } = await sql<HitRow>`${prepared}
    WITH best AS MATERIALIZED (
      SELECT h.* FROM unnest(${roomIds}::bigint[], ${keys}::text[]) AS k (room_id, keys)
      JOIN room_members me ON me.room_id = k.room_id AND me.user_id = ${userId}
      CROSS JOIN LATERAL (
        SELECT * FROM (
          SELECT s.room_id, s.message_id AS id,
            CASE WHEN s.text LIKE ALL (${terms.map((term) => containing(term.whole))}::text[]) THEN 1
              WHEN s.text LIKE ALL (${terms.map((term) => containing(term.prefix))}::text[]) THEN 2
              WHEN ${containsAll(terms)} THEN 3 END AS rank
          FROM message_search s
          -- the grams say which room; the difference sees to it that nothing else is taken for a way in
          WHERE s.grams @> k.keys::integer[] AND s.room_id - k.room_id = 0
          -- so that the rank is worked out once a text
          OFFSET 0
        ) ranked
        WHERE rank IS NOT NULL ${after === undefined ? sql`` : sql`AND (rank, -id) ${beyond} (${after.rank}, ${-after.id})`}
        ORDER BY rank ${order}, id ${idOrder} LIMIT ${limit}
      ) h
      ORDER BY h.rank ${order}, h.id ${idOrder} LIMIT ${limit}
    )
    SELECT b.rank, b.id, b.room_id, m.no, m.created_at, m.content, m.sender_id, u.username, m.deleted_at IS NOT NULL AS is_deleted,
      r.kind = 'group' AS is_group, coalesce(${chatName(userId)}, '') AS chat_name
    FROM best b
    JOIN messages m ON m.room_id = b.room_id AND m.id = b.id
    JOIN users u ON u.id = m.sender_id
    JOIN rooms r ON r.id = b.room_id
    ORDER BY b.rank ${order}, b.id ${idOrder}`.execute(db)
  return rows
}

/** The LIKE pattern of the texts that contain another. */
export function containing(text: string): string {
  return `%${escapeLike(text)}%`
}

/** A text of which LIKE takes every character as it is. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** What a room `r` is called by somebody in it. */
export function chatName(userId: number) {
  return sql<string | null>`
    CASE r.kind WHEN 'group' THEN r.name ELSE (
      SELECT coalesce(nullif(trim(p.first_name || ' ' || p.last_name), ''), p.username)
      FROM room_members o JOIN users p ON p.id = o.user_id
      WHERE o.room_id = r.id AND o.user_id <> ${userId} LIMIT 1
    ) END`
}

/** That the indexed text `s` has every term: anywhere, or where it is short at the beginning of a word. */
function containsAll(terms: readonly Term[]) {
  const short = terms.filter((term) => term.isShort).map((term) => containing(term.prefix))
  const others = terms.filter((term) => !term.isShort).map((term) => containing(term.text))
  return sql`(s.text LIKE ALL (${short}::text[]) AND replace(s.text, ${BOUNDARY}, '') LIKE ALL (${others}::text[]))`
}
