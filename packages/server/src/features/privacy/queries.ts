import type { Tx } from '../../db/open.ts'

/** Deletes what is in the log of somebody's own topic: it names whom they knew. */
export async function deleteOwnEvents(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('user_events').where('user_id', '=', userId).execute()
}
