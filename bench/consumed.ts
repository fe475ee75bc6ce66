import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'

const POLL_MS = 100
const MAX_MS = 300_000

/**
 * Waits until the background consumers of the log have taken in all that was sent.
 *
 * @returns the seconds it took; infinitely many where it is too many to wait for
 */
export async function waitUntilConsumed(database: pg.Client): Promise<number> {
  const started = performance.now()
  while ((await countBehind(database)) > 0) {
    if (performance.now() - started > MAX_MS) return Number.POSITIVE_INFINITY
    await delay(POLL_MS)
  }
  return (performance.now() - started) / 1000
}

async function countBehind(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM rooms r CROSS JOIN unnest(ARRAY['notifications', 'search']) AS c (name)
      LEFT JOIN consumer_positions p ON p.consumer = c.name AND p.room_id = r.id
      WHERE r.event_seq > coalesce(p.seq, 0)`,
  )
  return rows[0]?.count ?? 0
}
