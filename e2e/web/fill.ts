/** Rooms with a long past, by a few statements instead of a request for each message. */
import type { Person, TestServer } from '@confab/testkit/server'

/** Of whom, where and how many; from noon of the day so many days ago, so many seconds apart. */
type Past = Readonly<{ who: Person; room: number; count: number; daysAgo?: number; secondsApart?: number }>

/** Writes numbered messages, at noon ten days ago and a second apart: `message 1`, `message 2` … Answers their ids. */
export async function fill(
  server: TestServer,
  { who, room, count, daysAgo = 10, secondsApart = 1 }: Past,
): Promise<number[]> {
  const { pool } = server.database
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO messages (room_id, no, sender_id, content, created_at)
     SELECT $1, n, $2, 'message ' || n,
       date_trunc('day', now()) - $4 * interval '1 day' - interval '12 hours' + $5 * n * interval '1 second'
     FROM generate_series(1, $3::int) n ORDER BY n RETURNING id`,
    [room, who.id, count, daysAgo, secondsApart],
  )
  const ids = rows.map(({ id }) => id)
  await pool.query(
    `UPDATE rooms SET message_no = $2, last_message_id = $3, last_message_at = m.created_at, active_at = m.created_at
     FROM messages m WHERE m.room_id = $1 AND m.id = $3 AND rooms.id = $1`,
    [room, count, ids.at(-1)],
  )
  return ids
}
