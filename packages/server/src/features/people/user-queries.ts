import { MAX_FRIEND_IDS } from '@confab/contract/people/resources'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { fullName, type NameKey, namesBegin, namesContain } from './names.ts'

/** Somebody, with only what the viewer may see of them, and what is between the two. */
export type UserRow = Readonly<{
  id: number
  username: string
  bio: string | null
  email: string | null
  first_name: string
  last_name: string
  image: string | null
  friends: number[]
  is_friend: boolean
  is_blocked: boolean
  request_id: number | null
  is_request_mine: boolean | null
  sort_key: string
}>

/** What a list of users can be ordered by; there is an index for each. */
export const userOrders = ['username', 'first_name', 'last_name'] as const
export type UserOrder = Readonly<{ by: (typeof userOrders)[number]; isDescending: boolean }>

const sortKeys = {
  username: sql<string>`lower(u.username)`,
  first_name: sql<string>`lower(u.first_name)`,
  last_name: sql<string>`lower(u.last_name)`,
} as const

/** Which users, and how many of them. */
export type UserFilter = Readonly<{
  words: readonly string[]
  order: UserOrder
  after: NameKey | undefined
  limit: number
}>

/** So many people are looked at one by one before the index is asked: what many are called fills a page sooner so. */
const WALK = 5_000

/**
 * Users in the order of the list, those left out who blocked the viewer; one row more than the limit. Words of one or two
 * letters alone are found anywhere in the names of the next 5,000 people, and at the beginning of everybody's names.
 */
export async function listUserRows(db: Db, viewerId: number, filter: UserFilter): Promise<UserRow[]> {
  const { words, order, limit } = filter
  const everybody = sql`SELECT u.*, ${sortKeys[order.by]} AS sort_key FROM users u`
  if (words.length === 0) return selectPage(everybody, db, viewerId, filter)
  const { isAfter, inOrder } = rangeOf(filter)
  const nearest = sql`SELECT * FROM (${everybody}) u WHERE ${isAfter} ORDER BY ${inOrder} LIMIT ${WALK}`
  const near = await selectPage(sql`SELECT * FROM (${nearest}) u WHERE ${namesContain(words)}`, db, viewerId, filter)
  if (near.length > limit) return near
  const nearIds = sql`SELECT unnest(${near.map((row) => row.id)}::bigint[]) AS id`
  const begins = sql`
    SELECT u.id FROM (${everybody} WHERE ${namesBegin(words)}
      -- by the index of names, and not by a walk through the list
      OFFSET 0
    ) u WHERE ${isAfter}`
  const found = sql`
    SELECT one.* FROM (${nearIds} UNION ${begins}) found
    -- person by person, and not by a walk through everybody in the order of the list
    CROSS JOIN LATERAL (${everybody} WHERE u.id = found.id LIMIT 1) one`
  return selectPage(found, db, viewerId, filter)
}

function selectPage(people: RawBuilder<unknown>, db: Db, viewerId: number, filter: UserFilter): Promise<UserRow[]> {
  const { isAfter, inOrder } = rangeOf(filter)
  const page = sql`
    SELECT u.* FROM (${people}) u
    WHERE u.id <> ALL (ARRAY(SELECT blocker_id FROM blocks WHERE blocked_id = ${viewerId}))
      AND u.deleted_at IS NULL AND ${isAfter}
    ORDER BY ${inOrder} LIMIT ${filter.limit + 1}`
  return selectUsers(db, viewerId, page, inOrder)
}

function rangeOf({ order: { isDescending }, after }: UserFilter) {
  const direction = isDescending ? sql`DESC` : sql`ASC`
  const beyond = isDescending ? sql`<` : sql`>`
  return {
    isAfter: after ? sql`(u.sort_key, u.id) ${beyond} (${after.name}, ${after.id})` : sql`true`,
    inOrder: sql`u.sort_key ${direction}, u.id ${direction}`,
  }
}

/** One user as the viewer may see them. */
export async function findUserRow(db: Db, viewerId: number, userId: number): Promise<UserRow | undefined> {
  const page = sql`${prepared} SELECT u.*, lower(u.username) AS sort_key FROM users u WHERE u.id = ${userId} AND u.deleted_at IS NULL`
  const [row] = await selectUsers(db, viewerId, page, sql`u.id`)
  return row
}

/** Adds to the users of a page what is between each and the viewer; the page is cut before, so that it costs O(page). */
async function selectUsers(
  db: Db,
  viewerId: number,
  page: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<UserRow[]> {
  const { rows } = await sql<UserRow>`
    SELECT u.id, u.username, u.bio, u.first_name, u.last_name, u.image, u.sort_key, f.is_friend,
      EXISTS (SELECT FROM blocks WHERE blocker_id = ${viewerId} AND blocked_id = u.id) AS is_blocked,
      CASE WHEN u.id = ${viewerId} OR (f.is_friend AND u.email_visibility = 'friends') THEN coalesce(u.email, '') END AS email,
      CASE WHEN u.id = ${viewerId} OR f.is_friend THEN ${friendIds} ELSE '[]' END AS friends,
      r.id AS request_id, r.from_user_id = ${viewerId} AS is_request_mine
    FROM (${page}) u
    CROSS JOIN LATERAL (SELECT are_friends(u.id, ${viewerId}) AS is_friend) f
    LEFT JOIN LATERAL (
      SELECT id, from_user_id FROM friend_requests
      WHERE status = 'pending' AND least(from_user_id, to_user_id) = least(u.id, ${viewerId})
        AND greatest(from_user_id, to_user_id) = greatest(u.id, ${viewerId})
      LIMIT 1
    ) r ON true
    ORDER BY ${order}`.execute(db)
  return rows
}

/** The ids of the friends of the user `u`, in order. */
const friendIds = sql<number[]>`(
  SELECT coalesce(json_agg(id), '[]') FROM (
    SELECT high_id AS id FROM friendships WHERE low_id = u.id
    UNION ALL SELECT low_id FROM friendships WHERE high_id = u.id
    ORDER BY id LIMIT ${sql.lit(MAX_FRIEND_IDS)}
  ) friends
)`

/** A friend, with only what the viewer may see of them. */
export type FriendRow = Readonly<{
  id: number
  username: string
  bio: string | null
  email: string | null
  full_name: string | null
  image: string | null
  friends: number[]
  shows_presence: boolean
  last_seen_at: string | null
  sort_key: string
}>

/** Friends of the viewer by username; one row more than the limit. */
export function listFriendRows(
  db: Db,
  viewerId: number,
  filter: Readonly<{ words: readonly string[]; after: NameKey | undefined; limit: number }>,
): Promise<FriendRow[]> {
  const { words, after, limit } = filter
  const isAfter = after ? sql`(lower(u.username), u.id) > (${after.name}, ${after.id})` : sql`true`
  return selectFriends(db, viewerId, sql`${namesContain(words)} AND ${isAfter}`, limit + 1)
}

/** One friend of the viewer. */
export async function findFriendRow(db: Db, viewerId: number, friendId: number): Promise<FriendRow | undefined> {
  const [row] = await selectFriends(db, viewerId, sql`u.id = ${friendId}`, 1)
  return row
}

async function selectFriends(
  db: Db,
  viewerId: number,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<FriendRow[]> {
  const { rows } = await sql<FriendRow>`${prepared}
    SELECT u.id, u.username, u.bio, u.image, u.sort_key, ${fullName} AS full_name,
      CASE WHEN u.email_visibility = 'friends' THEN coalesce(u.email, '') END AS email,
      ${friendIds} AS friends,
      shows_presence(u.presence_visibility, u.presence_status) AND NOT has_block_between(u.id, ${viewerId}) AS shows_presence,
      u.last_seen_at
    FROM (
      SELECT u.*, lower(u.username) AS sort_key
      FROM (
        SELECT high_id AS id FROM friendships WHERE low_id = ${viewerId}
        UNION ALL SELECT low_id FROM friendships WHERE high_id = ${viewerId}
      ) f
      JOIN users u ON u.id = f.id
      WHERE ${condition}
      ORDER BY lower(u.username), u.id LIMIT ${limit}
    ) u
    ORDER BY u.sort_key, u.id`.execute(db)
  return rows
}
