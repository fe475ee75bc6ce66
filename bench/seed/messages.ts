/** Fills a database with rooms that have been talking for a month, by a few statements instead of a million requests. */
import type pg from 'pg'
import { nth, type Person } from '../subject.ts'
import { WORDS } from './words.ts'

/** Each room says so much, whatever the number of rooms: what grows is how much there is besides one's own. */
export const MESSAGES_PER_ROOM = 500
export const MEMBERS_PER_ROOM = 10
export const ROOMS_PER_PERSON = 20

/** Only the newest messages of a room still have their events and notifications. */
const RECENT = 20

/** How many people there are for a number of rooms. */
export function peopleFor(rooms: number): number {
  return (rooms * MEMBERS_PER_ROOM) / ROOMS_PER_PERSON
}

/**
 * The statements, in order. `$1` are the people, `$2` the words; each takes what it needs.
 * A room's members are people that follow each other in the list, so that everybody is in as many rooms.
 */
const statements = [
  `CREATE TEMP TABLE cast_list AS
    SELECT r - 1 AS place, p.id AS user_id, (r - 1) * ${MEMBERS_PER_ROOM} AS first
    FROM unnest($1::bigint[]) WITH ORDINALITY AS p (id, r)`,
  `INSERT INTO rooms (kind, name, share_id, event_seq, message_no, active_at)
    SELECT 'group', 'Room ' || n, gen_random_uuid(), ${MESSAGES_PER_ROOM}, ${MESSAGES_PER_ROOM}, now()
    FROM generate_series(1, $3::int) AS n`,
  // Each has read up to some of the newest messages.
  `INSERT INTO room_members (room_id, user_id, role, joined_at, read_no)
    SELECT r.id, c.user_id, CASE WHEN m = 0 THEN 'admin' ELSE 'member' END, now() - interval '30 days',
      ${MESSAGES_PER_ROOM} - (r.place + m * 3) % ${RECENT}
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM rooms) r
    CROSS JOIN generate_series(0, ${MEMBERS_PER_ROOM - 1}) AS m
    JOIN cast_list c ON c.place = (r.place * ${MEMBERS_PER_ROOM} + m) % (SELECT count(*) FROM cast_list)`,
  `CREATE TEMP TABLE seats AS
    SELECT room_id, user_id, row_number() OVER (PARTITION BY room_id ORDER BY user_id) - 1 AS seat FROM room_members`,
  'CREATE UNIQUE INDEX ON seats (room_id, seat)',
  'ANALYZE seats',
  // In the order of time, so that a room's messages lie as scattered as they do where all rooms talk at once.
  `INSERT INTO messages (room_id, no, sender_id, content, created_at)
    SELECT s.room_id, n, s.user_id,
      (SELECT string_agg(($2::text[])[1 + floor(array_length($2::text[], 1) * random() ^ 2)::int], ' ')
        FROM generate_series(1, 3 + (n + s.room_id)::int % 5)),
      date_trunc('second', now()) - interval '30 days' * (1 - n / ${MESSAGES_PER_ROOM}.0)
        + (s.room_id % 1000) * interval '1 millisecond'
    FROM generate_series(1, ${MESSAGES_PER_ROOM}) AS n
    JOIN seats s ON s.seat = (n * 7 + s.room_id) % ${MEMBERS_PER_ROOM}
    ORDER BY n, s.room_id`,
  `UPDATE rooms SET last_message_id = m.id, last_message_at = m.created_at, active_at = m.created_at
    FROM messages m WHERE m.room_id = rooms.id AND m.no = ${MESSAGES_PER_ROOM}`,
  `UPDATE room_members SET own_unread = o.count
    FROM (
      SELECT rm.room_id, rm.user_id, count(*) FROM room_members rm
      JOIN messages m ON m.room_id = rm.room_id AND m.sender_id = rm.user_id AND m.no > rm.read_no
      GROUP BY rm.room_id, rm.user_id
    ) o
    WHERE room_members.room_id = o.room_id AND room_members.user_id = o.user_id`,
  `INSERT INTO read_receipts (room_id, user_id, up_to_no, read_at)
    SELECT room_id, user_id, up_to, now() - interval '1 hour' FROM room_members
    CROSS JOIN LATERAL (VALUES (100), (200), (300), (400), (read_no)) AS v (up_to)`,
  `INSERT INTO room_events (room_id, seq, type, message_id, created_at)
    SELECT room_id, no, 'message.created', id, created_at FROM messages WHERE no > ${MESSAGES_PER_ROOM - RECENT}`,
  `INSERT INTO consumer_positions (consumer, room_id, seq)
    SELECT consumer, id, event_seq FROM rooms CROSS JOIN unnest(ARRAY['notifications', 'search']) AS consumer`,
  `INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no, created_at, is_read)
    SELECT rm.user_id, 'new_message', m.sender_id, m.room_id, m.id, m.no, m.created_at, m.no <= rm.read_no
    FROM messages m JOIN room_members rm ON rm.room_id = m.room_id AND rm.user_id <> m.sender_id
    WHERE m.no > ${MESSAGES_PER_ROOM - RECENT}
    ORDER BY m.id, rm.user_id`,
]

/** Makes the rooms of these people and all that was said in them, the same each time. */
export async function seedMessages(database: pg.Client, rooms: number, people: readonly Person[]): Promise<void> {
  const ids = people.map((person) => person.id)
  await database.query('BEGIN')
  await database.query('SELECT setseed(0.5)')
  for (const text of statements) {
    await database.query(withValues(text, [ids, WORDS, rooms]))
  }
  await database.query('COMMIT')
}

/** Postgres refuses parameters that a statement does not have, so each is given those it names, written into it. */
function withValues(text: string, [ids, words, rooms]: [readonly number[], readonly string[], number]): string {
  return text
    .replaceAll('$1', `'{${ids.join(',')}}'`)
    .replaceAll('$2', `'{${words.join(',')}}'`)
    .replaceAll('$3', String(rooms))
}

/** The rooms that each of these people is in, in their order. */
export async function listRoomsOf(database: pg.Client, people: readonly Person[]): Promise<number[][]> {
  const { rows } = await database.query<{ rooms: number[] }>(
    `SELECT array_agg(m.room_id::int ORDER BY m.room_id) AS rooms
      FROM unnest($1::bigint[]) WITH ORDINALITY AS p (id, place) JOIN room_members m ON m.user_id = p.id
      GROUP BY p.place ORDER BY p.place`,
    [people.map((person) => person.id)],
  )
  return rows.map((row) => row.rooms)
}

/** Words to search for, each said in some of a hundred messages. */
export function searchedWord(index: number): string {
  return nth(WORDS.slice(50, 150), index)
}
