import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { BOUNDARY } from './fold.ts'
import { containing } from './queries.ts'
import { contentGrams, gramKeys, senderGrams } from './terms.ts'

/** One page of message ids by id, in the direction asked for, after a given one. */
export type IdRange = Readonly<{ after: number | undefined; isAscending: boolean; limit: number }>

/** So many messages are looked at one by one before the index is asked: what is said often fills a page sooner so. */
const WALK = 5_000

/** The same where no word has grams, and there is no index to ask. */
const LONG_WALK = 10_000

/**
 * The messages of a room that have every word in their text or their sender's username, by id; a deleted sender has none.
 * Words that are all of one or two letters are looked for in the next 10,000 messages only: parts of words so short are in
 * no index.
 */
export async function listIdsWithWords(
  db: Db,
  roomId: number,
  words: readonly string[],
  range: IdRange,
): Promise<number[]> {
  const indexed = words.filter((word) => contentGrams(word).length > 0)
  const nearest = sql`(
    SELECT * FROM message_search s WHERE s.room_id = ${roomId} AND ${isAfter(range)}
    ORDER BY s.message_id ${orderOf(range)} LIMIT ${indexed.length > 0 ? WALK : LONG_WALK}
  )`
  const near = await listFrom(nearest, db, roomId, { words, range })
  if (near.length >= range.limit || indexed.length === 0) return near
  const found = sql`(
    SELECT * FROM message_search s
    WHERE ${sql.join(
      indexed.map((word) => hasGrams(roomId, word)),
      sql` AND `,
    )}
      -- the grams say which room; the difference sees to it that nothing else is taken for a way in
      AND s.room_id - ${roomId}::bigint = 0 AND ${isAfter(range)}
    OFFSET 0
  )`
  return listFrom(found, db, roomId, { words, range })
}

async function listFrom(
  candidates: RawBuilder<unknown>,
  db: Db,
  roomId: number,
  { words, range }: { words: readonly string[]; range: IdRange },
): Promise<number[]> {
  const patterns = words.map(containing)
  const text = sql`replace(s.text, ${BOUNDARY}, '')`
  const occur = words.map((word) => sql`(${text} LIKE ${containing(word)} OR s.sender LIKE ${containing(word)})`)
  const { rows } = await sql<{ id: number }>`
    SELECT f.id FROM (
      SELECT s.message_id AS id, ${text} LIKE ALL (${patterns}::text[]) AS is_in_text FROM ${candidates} s
      WHERE ${sql.join(occur, sql` AND `)}
      ORDER BY s.message_id ${orderOf(range)}
    ) f
    -- message by message, and not by a join with all of the room
    CROSS JOIN LATERAL (
      SELECT u.deleted_at FROM messages m JOIN users u ON u.id = m.sender_id
      WHERE m.room_id = ${roomId} AND m.id = f.id AND m.deleted_at IS NULL
      LIMIT 1
    ) sender
    WHERE f.is_in_text OR sender.deleted_at IS NULL
    ORDER BY f.id ${orderOf(range)} LIMIT ${range.limit}`.execute(db)
  return rows.map((row) => row.id)
}

function orderOf({ isAscending }: IdRange) {
  return isAscending ? sql`ASC` : sql`DESC`
}

function isAfter({ after, isAscending }: IdRange) {
  if (after === undefined) return sql`true`
  return isAscending ? sql`s.message_id > ${after}` : sql`s.message_id < ${after}`
}

function hasGrams(roomId: number, word: string) {
  const inText = gramKeys(roomId, contentGrams(word))
  const inSender = gramKeys(roomId, senderGrams(word))
  return sql`(s.grams @> ${inText}::integer[] OR s.grams @> ${inSender}::integer[])`
}
