import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'

/** Everybody who is a friend of somebody, has a request of theirs or sent them one, or has blocked them or is blocked. */
export async function listRelated(tx: Tx, userId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT low_id + high_id - ${userId} AS id FROM friendships WHERE low_id = ${userId} OR high_id = ${userId}
    UNION
    SELECT from_user_id + to_user_id - ${userId} FROM friend_requests
    WHERE from_user_id = ${userId} OR to_user_id = ${userId}
    UNION
    SELECT blocker_id + blocked_id - ${userId} FROM blocks WHERE blocker_id = ${userId} OR blocked_id = ${userId}`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}

/** Ends all friendships of somebody. Answers with whom. */
export async function deleteFriendshipsOf(tx: Tx, userId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    DELETE FROM friendships WHERE low_id = ${userId} OR high_id = ${userId}
    RETURNING low_id + high_id - ${userId} AS id`.execute(tx)
  return rows.map((row) => row.id)
}

/** Whose request it was, and to whom. */
export type RequestRef = Readonly<{ id: number; from_user_id: number; to_user_id: number }>

/** Deletes all requests that somebody sent or received, of every status. */
export async function deleteRequestsOf(tx: Tx, userId: number): Promise<RequestRef[]> {
  const { rows } = await sql<RequestRef>`
    DELETE FROM friend_requests WHERE from_user_id = ${userId} OR to_user_id = ${userId}
    RETURNING id, from_user_id, to_user_id`.execute(tx)
  return rows
}

/** Lifts all blocks of somebody and by somebody. Answers who had blocked them. */
export async function deleteBlocksOf(tx: Tx, userId: number): Promise<number[]> {
  const { rows } = await sql<{ blocker_id: number }>`
    DELETE FROM blocks WHERE blocker_id = ${userId} OR blocked_id = ${userId} RETURNING blocker_id`.execute(tx)
  return rows.map((row) => row.blocker_id).filter((id) => id !== userId)
}
