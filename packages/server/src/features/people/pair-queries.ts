import type { FriendRequestStatus } from '@confab/contract/people/resources'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { fullName } from './names.ts'

/**
 * Makes changes of what is between two people (requests, friendship, blocks) take turns, until the transaction ends. It
 * is taken before rows of rooms and positions are locked, and only for one pair a transaction.
 */
export async function lockPair(tx: Tx, one: number, other: number): Promise<void> {
  const name = `people:${Math.min(one, other)}:${Math.max(one, other)}`
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}

/** What is between somebody and another person. */
export type Pair = Readonly<{
  is_friend: boolean
  is_blocked: boolean
  /** Who sent the pending request of the two; null where there is none. */
  asked_by: number | null
}>

/** What is between two people; undefined where there is no such other person. */
export async function findPair(db: Db, userId: number, otherId: number): Promise<Pair | undefined> {
  const { rows } = await sql<Pair>`
    SELECT are_friends(${userId}, u.id) AS is_friend, has_block_between(${userId}, u.id) AS is_blocked,
      (
        SELECT from_user_id FROM friend_requests
        WHERE status = 'pending' AND least(from_user_id, to_user_id) = least(${userId}, u.id)
          AND greatest(from_user_id, to_user_id) = greatest(${userId}, u.id)
      ) AS asked_by
    FROM users u WHERE u.id = ${otherId} AND u.deleted_at IS NULL`.execute(db)
  return rows[0]
}

/** Somebody as everybody may see them. */
export type PersonRow = Readonly<{ id: number; username: string; full_name: string | null; image: string | null }>

/** People by their ids; those that do not exist, or not any more, are left out. */
export async function listPersonRows(db: Db, userIds: readonly number[]): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    SELECT u.id, u.username, ${fullName} AS full_name, u.image FROM users u
    WHERE u.id = ANY (${userIds}::bigint[]) AND u.deleted_at IS NULL`.execute(db)
  return rows
}

/** A friend request as it is stored. */
export type FriendRequestRow = Readonly<{
  id: number
  from_user_id: number
  to_user_id: number
  status: FriendRequestStatus
  created_at: string
  updated_at: string
}>

const requestColumns = sql.raw('id, from_user_id, to_user_id, status, created_at, updated_at')

/** A request, whoever's it is. */
export async function findFriendRequestRow(db: Db, id: number): Promise<FriendRequestRow | undefined> {
  const { rows } = await sql<FriendRequestRow>`SELECT ${requestColumns} FROM friend_requests WHERE id = ${id}`.execute(
    db,
  )
  return rows[0]
}

/** Requests that somebody sent or received, by id; one row more than the limit. Two index scans, cut before the sort. */
export async function listFriendRequestRows(
  db: Db,
  userId: number,
  { after, limit }: { after: number; limit: number },
): Promise<FriendRequestRow[]> {
  const { rows } = await sql<FriendRequestRow>`
    (SELECT ${requestColumns} FROM friend_requests WHERE from_user_id = ${userId} AND id > ${after}
      ORDER BY id LIMIT ${limit + 1})
    UNION ALL
    (SELECT ${requestColumns} FROM friend_requests WHERE to_user_id = ${userId} AND id > ${after}
      ORDER BY id LIMIT ${limit + 1})
    ORDER BY id LIMIT ${limit + 1}`.execute(db)
  return rows
}

/** Stores a request. The two have no pending one: the pair is locked, and an index sees to it besides. */
export async function insertFriendRequest(tx: Tx, fromId: number, toId: number): Promise<FriendRequestRow> {
  const { rows } = await sql<FriendRequestRow>`
    INSERT INTO friend_requests (from_user_id, to_user_id) VALUES (${fromId}, ${toId})
    RETURNING ${requestColumns}`.execute(tx)
  return requireRow(rows)
}

/** Answers a request. */
export async function setFriendRequestStatus(
  tx: Tx,
  id: number,
  status: 'accepted' | 'rejected',
): Promise<FriendRequestRow> {
  const { rows } = await sql<FriendRequestRow>`
    UPDATE friend_requests SET status = ${status}, updated_at = clock_timestamp() WHERE id = ${id}
    RETURNING ${requestColumns}`.execute(tx)
  return requireRow(rows)
}

/** Deletes a request. */
export async function deleteFriendRequest(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('friend_requests').where('id', '=', id).execute()
}

/** Deletes the pending request of two people, and answers it where there was one. */
export async function deletePendingRequest(tx: Tx, one: number, other: number): Promise<FriendRequestRow | undefined> {
  const { rows } = await sql<FriendRequestRow>`
    DELETE FROM friend_requests
    WHERE status = 'pending' AND least(from_user_id, to_user_id) = least(${one}::bigint, ${other}::bigint)
      AND greatest(from_user_id, to_user_id) = greatest(${one}::bigint, ${other}::bigint)
    RETURNING ${requestColumns}`.execute(tx)
  return rows[0]
}

/** Makes two people friends; what is so already stays so. */
export async function insertFriendship(tx: Tx, one: number, other: number): Promise<void> {
  await tx
    .insertInto('friendships')
    .values({ low_id: Math.min(one, other), high_id: Math.max(one, other) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends a friendship; whether there was one. */
export async function deleteFriendship(tx: Tx, one: number, other: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('friendships')
    .where('low_id', '=', Math.min(one, other))
    .where('high_id', '=', Math.max(one, other))
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

function requireRow<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the statement answered no row')
  return row
}
