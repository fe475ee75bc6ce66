import { signAccessToken } from '@confab/server/features/accounts/tokens'
import type pg from 'pg'
import type { Person } from '../subject.ts'

const DAY_SECONDS = 24 * 60 * 60

/** People that can be used at once: registering thousands would hash thousands of passwords. Theirs fit nothing. */
const INSERT = `
  WITH people AS (
    INSERT INTO users (username, email, password_hash, first_name, last_name)
    SELECT 'bench_' || lpad(n::text, 5, '0'), 'bench_' || n || '@example.com', '!', 'Person', n::text
    FROM generate_series((SELECT count(*) FROM users) + 1, (SELECT count(*) FROM users) + $1::bigint) AS n
    RETURNING id, username, email
  ), names AS (
    INSERT INTO login_names (name, user_id, kind)
    SELECT username, id, 'username' FROM people UNION ALL SELECT email, id, 'email' FROM people
  ), logins AS (
    INSERT INTO sessions (user_id, refresh_id, expires_at)
    SELECT id, 'bench-' || id, now() + interval '1 day' FROM people
    RETURNING id, user_id
  )
  SELECT people.id::int AS "userId", people.username, logins.id::int AS "sessionId"
  FROM people JOIN logins ON logins.user_id = people.id ORDER BY people.id`

/** Makes people and logs them in, in the database of a server with this signing key. */
export async function seedPeople(database: pg.Client, secretKey: string, count: number): Promise<Person[]> {
  const { rows } = await database.query<{ userId: number; username: string; sessionId: number }>(INSERT, [count])
  return Promise.all(
    rows.map(async (bearer) => ({ id: bearer.userId, token: await signAccessToken(secretKey, bearer, DAY_SECONDS) })),
  )
}
