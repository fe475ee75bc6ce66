import type pg from 'pg'
import { nth, type Person } from '../subject.ts'

/** What each room has. */
const MEMBERS = 10
const MESSAGES = 5

const CONTENT = 'Something of the length that people write, such as where to meet and when'

/** As the send function of the database would have left them, their notifications read and their search index made. */
const statements = {
  rooms: `INSERT INTO rooms (kind, name, share_id, event_seq, message_no, active_at)
    SELECT 'group', 'Room ' || n, gen_random_uuid(), ${MESSAGES}, ${MESSAGES}, now()
    FROM generate_series(1, $1::int) AS n RETURNING id::int`,
  members: `INSERT INTO room_members (room_id, user_id, role, read_no, joined_at)
    SELECT room_id, user_id, role, ${MESSAGES} - 1, now() - interval '1 hour'
    FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS m (room_id, user_id, role)`,
  messages: `INSERT INTO messages (room_id, no, sender_id, content, created_at)
    SELECT room_id, n, user_id, '${CONTENT}', date_trunc('second', now()) + n * interval '1 millisecond'
    FROM room_members, generate_series(1, ${MESSAGES}) AS n WHERE role = 'admin' AND room_id = ANY ($1::bigint[])`,
  last: `UPDATE rooms SET last_message_id = m.id, last_message_at = m.created_at, active_at = m.created_at
    FROM messages m WHERE m.room_id = rooms.id AND m.no = ${MESSAGES} AND rooms.id = ANY ($1::bigint[])`,
  events: `INSERT INTO room_events (room_id, seq, type, message_id, created_at)
    SELECT room_id, no, 'message.created', id, created_at FROM messages WHERE room_id = ANY ($1::bigint[])`,
  consumers: `INSERT INTO consumer_positions (consumer, room_id, seq)
    SELECT consumer, room, ${MESSAGES}
    FROM unnest($1::bigint[]) AS room, unnest(ARRAY['notifications', 'search']) AS consumer`,
} as const

/**
 * Puts each of the people into so many groups of ten, in each of which a little was said. Groups overlap: the people of
 * one meet others in each of their other ones.
 *
 * @param people ten times as many, or a multiple of that
 * @returns the rooms of each person, in the order of the people
 */
export async function seedRooms(
  database: pg.Client,
  people: readonly Person[],
  roomsEach: number,
): Promise<number[][]> {
  const count = (people.length * roomsEach) / MEMBERS
  await database.query('BEGIN')
  const { rows } = await database.query<{ id: number }>(statements.rooms, [count])
  const rooms = rows.map((row) => row.id)
  const seats = rooms.flatMap((room, index) => listMembers(people, index).map((person) => ({ room, person })))
  await database.query(statements.members, [
    seats.map((seat) => seat.room),
    seats.map((seat) => seat.person.id),
    seats.map((_, index) => (index % MEMBERS === 0 ? 'admin' : 'member')),
  ])
  for (const name of ['messages', 'last', 'events', 'consumers'] as const) {
    await database.query(statements[name], [rooms])
  }
  await database.query('COMMIT')
  const roomsOf = new Map<Person, number[]>(people.map((person) => [person, []]))
  for (const { room, person } of seats) roomsOf.get(person)?.push(room)
  return [...roomsOf.values()]
}

/** The n-th room's: in every round through the people, those who sit one step further apart. */
function listMembers(people: readonly Person[], index: number): Person[] {
  const perRound = people.length / MEMBERS
  const round = Math.floor(index / perRound)
  const place = index % perRound
  return Array.from({ length: MEMBERS }, (_, seat) => {
    // In each tenth of the people one; which one moves with the round.
    const inTenth = (place + seat * round) % perRound
    return nth(people, seat * perRound + inTenth)
  })
}
