import type { Pool } from 'pg'
import { vi } from 'vitest'

/** Whether a transaction of this database waits for another's lock. */
export async function isLockAwaited(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount !== 0
}

/** Until a transaction of this database waits for another's lock. @throws Error where none has within 10 seconds */
export async function untilLockAwaited(pool: Pool): Promise<void> {
  await vi.waitUntil(() => isLockAwaited(pool), 10_000)
}
