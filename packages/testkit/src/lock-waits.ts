import type { Pool } from 'pg'
import { vi } from 'vitest'

/** Whether so many transactions of this database wait for locks of others. */
export async function isLockAwaited(pool: Pool, transactions = 1): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount !== null && rowCount >= transactions
}

/** Until so many transactions of this database wait for locks. @throws Error where they do not within 10 seconds */
export async function untilLockAwaited(pool: Pool, transactions = 1): Promise<void> {
  await vi.waitUntil(() => isLockAwaited(pool, transactions), 10_000)
}
