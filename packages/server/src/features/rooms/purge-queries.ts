import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'

/** A deleted group that is still to be purged, locked; one that another server has locked is passed over. */
export async function lockRoomToPurge(tx: Tx): Promise<number | undefined> {
  const row = await tx
    .selectFrom('rooms')
    .select('id')
    .where('deleted_at', 'is not', null)
    .where('purged_at', 'is', null)
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(1)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row?.id
}

/** Deletes some messages of a room. @returns how many */
export async function deleteMessages(tx: Tx, roomId: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM messages WHERE room_id = ${roomId} AND id IN (
      SELECT id FROM messages WHERE room_id = ${roomId} ORDER BY id LIMIT ${limit}
    )`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Deletes some receipts of a room. @returns how many */
export async function deleteReceipts(tx: Tx, roomId: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM read_receipts WHERE room_id = ${roomId} AND (user_id, up_to_no) IN (
      SELECT user_id, up_to_no FROM read_receipts WHERE room_id = ${roomId} ORDER BY user_id, up_to_no LIMIT ${limit}
    )`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Writes down that nothing is left of what was said in a group. */
export async function setPurged(tx: Tx, roomId: number): Promise<void> {
  await tx
    .updateTable('rooms')
    .set({ purged_at: sql<string>`now()`, name: '', last_message_id: null })
    .where('id', '=', roomId)
    .execute()
}
