import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { fullName } from './names.ts'
import type { PersonRow } from './pair-queries.ts'

/** Somebody who is blocked; `blocked_ms` is `created_at` as milliseconds since 1970, which lists are ordered by. */
export type BlockRow = PersonRow & Readonly<{ created_at: string; blocked_ms: number }>

const blockedMs = sql<number>`(extract(epoch FROM b.created_at) * 1000)::bigint`

/** Whom somebody has blocked, latest first; one row more than the limit. */
export async function listBlockRows(
  db: Db,
  blockerId: number,
  { after, limit }: { after: readonly number[] | undefined; limit: number },
): Promise<BlockRow[]> {
  const isAfter = after ? sql`(${blockedMs}, b.blocked_id) < (${sql.join(after)})` : sql`true`
  const { rows } = await sql<BlockRow>`
    SELECT u.id, u.username, ${fullName} AS full_name, u.image, b.created_at, ${blockedMs} AS blocked_ms
    FROM blocks b JOIN users u ON u.id = b.blocked_id
    WHERE b.blocker_id = ${blockerId} AND ${isAfter}
    ORDER BY blocked_ms DESC, b.blocked_id DESC LIMIT ${limit + 1}`.execute(db)
  return rows
}

/** Somebody whom a person has blocked. */
export async function findBlockRow(db: Db, blockerId: number, blockedId: number): Promise<BlockRow | undefined> {
  const { rows } = await sql<BlockRow>`
    SELECT u.id, u.username, ${fullName} AS full_name, u.image, b.created_at, ${blockedMs} AS blocked_ms
    FROM blocks b JOIN users u ON u.id = b.blocked_id
    WHERE b.blocker_id = ${blockerId} AND b.blocked_id = ${blockedId}`.execute(db)
  return rows[0]
}

/** Stores a block; whether there was none before. */
export async function insertBlock(tx: Tx, blockerId: number, blockedId: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('blocks')
    .values({ blocker_id: blockerId, blocked_id: blockedId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Deletes a block; whether there was one. */
export async function deleteBlock(tx: Tx, blockerId: number, blockedId: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('blocks')
    .where('blocker_id', '=', blockerId)
    .where('blocked_id', '=', blockedId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
