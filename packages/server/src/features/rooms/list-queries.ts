import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { unreadCount } from '../../db/unread-count.ts'

/** A row of the list of chats: the room, its other person where it is a direct one, and its newest message. */
export type ChatRow = Readonly<{
  id: number
  kind: 'direct' | 'group'
  name: string
  image: string | null
  activeAt: string
  /** What the list is ordered by, before the id. */
  sortKey: string
  mutedUntil: string | null
  unreadCount: number
  mentionCount: number
  readNo: number
  lastNo: number
  other: Readonly<{ id: number; username: string; firstName: string; lastName: string; image: string | null }> | null
  lastMessage: Readonly<{
    id: number
    sender_id: number
    sender_name: string
    content: string
    timestamp: string
  }> | null
}>

/** Where a page starts: after the chat with this key. */
export type ChatKey = Readonly<{ sortKey: string; id: number }>

/** What a list of chats may be ordered by. */
export type ChatOrder = Readonly<{ by: 'activity' | 'name'; isDescending: boolean }>

/**
 * As much of a name as it is sorted by; what is alike so far is sorted by id. A cursor holds it, and has to fit in a URL.
 */
const SORTED_CHARS = 50

/** What a chat is called by someone, where `joinOther` is there: see `titleOf` in `view.ts`, whose names these are. */
export const chatName = sql<string>`CASE WHEN r.kind = 'group' THEN r.name
  ELSE coalesce(nullif(btrim(o.first_name || ' ' || o.last_name), ''), o.username, '') END`

/** The other person of a direct room; of a group nobody is looked up. */
export const joinOther = (userId: number) => sql`LEFT JOIN LATERAL (
    SELECT u.* FROM room_members om JOIN users u ON u.id = om.user_id
    WHERE r.kind = 'direct' AND om.room_id = r.id AND om.user_id <> ${userId} LIMIT 1
  ) o ON true`

/**
 * The chats of somebody, without the direct rooms they have hidden; one row more than the page has, in the direction it
 * is read. First the page's rooms are chosen, then what is shown of them is looked up, so that a page costs the same
 * however much has been said.
 */
export async function listChatRows(
  db: Db,
  userId: number,
  wanted: Readonly<{
    order: ChatOrder
    words: readonly string[]
    after: ChatKey | undefined
    isBackward: boolean
    limit: number
  }>,
): Promise<ChatRow[]> {
  const { order, words, after, isBackward, limit } = wanted
  const isDescending = order.isDescending !== isBackward
  const direction = isDescending ? sql`DESC` : sql`ASC`
  const byName = order.by === 'name'
  // Names compare by code point, the same on every database whatever its locale is.
  const sortKey = byName ? sql`(left(${chatName}, ${SORTED_CHARS}) COLLATE "C")` : sql`r.active_at`
  // The words of a search make many variants of it.
  const { rows } = await sql<FlatRow>`
    ${words.length === 0 ? prepared : sql``}
    WITH page AS MATERIALIZED (
      SELECT r.id, ${sortKey} AS sort_key
      FROM room_members m JOIN rooms r ON r.id = m.room_id ${byName ? joinOther(userId) : sql``}
      WHERE m.user_id = ${userId} AND r.deleted_at IS NULL AND (m.hidden_no IS NULL OR r.message_no > m.hidden_no)
        ${sql.join(
          words.map((word) => matches(userId, word)),
          sql` `,
        )}
        ${after ? startsAfter(after, { sortKey, byName, isDescending }) : sql``}
      ORDER BY sort_key ${direction}, r.id ${direction} LIMIT ${limit + 1}
    )
    SELECT r.id, r.kind, r.name, r.image, r.active_at, page.sort_key,
      CASE WHEN m.muted_until > now() THEN m.muted_until END AS muted_until,
      ${unreadCount} AS unread_count, m.read_no, r.message_no AS last_no,
      (
        SELECT count(*) FROM notifications n
        JOIN messages d ON d.room_id = n.room_id AND d.id = n.message_id AND d.deleted_at IS NULL
        WHERE n.user_id = ${userId} AND n.room_id = r.id
          AND NOT n.is_read AND n.message_no IS NOT NULL AND n.type = 'mention'
      ) AS mention_count,
      o.id AS other_id, o.username, o.first_name, o.last_name, o.image AS picture,
      l.id AS message_id, l.sender_id, s.username AS sender_name, l.content, l.created_at AS sent_at
    FROM page JOIN rooms r ON r.id = page.id JOIN room_members m ON m.room_id = r.id AND m.user_id = ${userId}
    ${joinOther(userId)}
    LEFT JOIN messages l ON l.room_id = r.id AND l.id = r.last_message_id
    LEFT JOIN users s ON s.id = l.sender_id
    ORDER BY page.sort_key ${direction}, page.id ${direction}`.execute(db)
  return rows.map(toChatRow)
}

/** A word occurs in the room's name or in the name of one of its members. */
function matches(userId: number, word: string): RawBuilder<unknown> {
  const pattern = sql`lower(${`%${word.replace(/[\\%_]/g, '\\$&')}%`})`
  return sql`AND (lower(r.name) LIKE ${pattern} OR r.id IN (
    SELECT named.room_id
    FROM room_members mine
    JOIN room_members named ON named.room_id = mine.room_id
    JOIN users u ON u.id = named.user_id
    WHERE mine.user_id = ${userId} AND lower(u.username || ' ' || u.first_name || ' ' || u.last_name) LIKE ${pattern}
  ))`
}

function startsAfter(
  key: ChatKey,
  { sortKey, byName, isDescending }: { sortKey: RawBuilder<unknown>; byName: boolean; isDescending: boolean },
): RawBuilder<unknown> {
  const type = byName ? sql`text` : sql`timestamptz`
  return sql`AND (${sortKey}, r.id) ${isDescending ? sql`<` : sql`>`} (${key.sortKey}::${type}, ${key.id}::bigint)`
}

type FlatRow = {
  id: number
  kind: 'direct' | 'group'
  name: string
  image: string | null
  active_at: string
  sort_key: string
  muted_until: string | null
  unread_count: number
  mention_count: number
  read_no: number
  last_no: number
  other_id: number | null
  username: string | null
  first_name: string | null
  last_name: string | null
  picture: string | null
  message_id: number | null
  sender_id: number | null
  sender_name: string | null
  content: string | null
  sent_at: string | null
}

function toChatRow(row: FlatRow): ChatRow {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    image: row.image,
    activeAt: row.active_at,
    sortKey: row.sort_key,
    mutedUntil: row.muted_until,
    unreadCount: row.unread_count,
    mentionCount: row.mention_count,
    readNo: row.read_no,
    lastNo: row.last_no,
    other: otherOf(row),
    lastMessage: lastMessageOf(row),
  }
}

function otherOf(row: FlatRow): ChatRow['other'] {
  if (row.other_id === null || row.username === null) return null
  return {
    id: row.other_id,
    username: row.username,
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    image: row.picture,
  }
}

function lastMessageOf(row: FlatRow): ChatRow['lastMessage'] {
  if (row.message_id === null || row.sent_at === null) return null
  return {
    id: row.message_id,
    sender_id: row.sender_id ?? 0,
    sender_name: row.sender_name ?? '',
    content: row.content ?? '',
    timestamp: row.sent_at,
  }
}
