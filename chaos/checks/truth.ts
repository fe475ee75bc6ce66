/** What the database says, asked directly: the truth that clients are held against. */
import type { Postgres } from '../stack/postgres.ts'

/** A membership, with what follows from the history of the room. */
export type Seat = Readonly<{ user: number; room: number; seq: number; unread: number; isHidden: boolean }>

/** A stored message. */
export type Stored = Readonly<{
  id: number
  room: number
  sender: number
  clientId: string
  content: string
  isDeleted: boolean
}>

/** Every membership of every room that is there. */
export function listSeats(postgres: Postgres): Promise<Seat[]> {
  return postgres.query<Seat>(`
    SELECT m.user_id::int AS user, m.room_id::int AS room, r.event_seq::int AS seq,
      (SELECT count(*)::int FROM messages x
        WHERE x.room_id = r.id AND x.no > m.read_no AND x.sender_id <> m.user_id AND x.deleted_at IS NULL) AS unread,
      m.hidden_no IS NOT NULL AND r.message_no <= m.hidden_no AS "isHidden"
    FROM room_members m JOIN rooms r ON r.id = m.room_id WHERE r.deleted_at IS NULL
    ORDER BY m.user_id, m.room_id`)
}

/** The last number of each person's own topic. */
export async function listUserPositions(postgres: Postgres): Promise<Map<number, number>> {
  const rows = await postgres.query<{ id: number; seq: number }>(
    'SELECT user_id::int AS id, event_seq::int AS seq FROM user_positions',
  )
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}

/** Every message of every room that is there. */
export function listStored(postgres: Postgres): Promise<Stored[]> {
  return postgres.query<Stored>(`
    SELECT m.id::int, m.room_id::int AS room, m.sender_id::int AS sender, m.client_id AS "clientId", m.content,
      m.deleted_at IS NOT NULL AS "isDeleted"
    FROM messages m JOIN rooms r ON r.id = m.room_id WHERE r.deleted_at IS NULL ORDER BY m.room_id, m.no`)
}

/** How many edits of each message were told. */
export function listEdits(postgres: Postgres): Promise<{ clientId: string; room: number; told: number }[]> {
  return postgres.query(`
    SELECT m.client_id AS "clientId", m.room_id::int AS room, count(*)::int AS told
    FROM room_events e JOIN messages m ON m.room_id = e.room_id AND m.id = e.message_id
    WHERE e.type = 'message.updated' GROUP BY m.room_id, m.client_id`)
}

/** Each of these finds what must never be in a database. */
export const FLAWS: Readonly<Record<string, string>> = {
  'a gap in the numbers of messages': `
    SELECT room_id, id, no FROM (
      SELECT room_id, id, no, row_number() OVER (PARTITION BY room_id ORDER BY id) AS place FROM messages
      WHERE room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)
    ) m WHERE no <> place`,
  'a gap in the numbers of events': `
    SELECT room_id, seq FROM (
      SELECT room_id, seq, row_number() OVER (PARTITION BY room_id ORDER BY seq) AS place FROM room_events
      WHERE room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)
    ) e WHERE seq <> place`,
  'a gap in the numbers of the events of a person': `
    SELECT user_id, seq FROM (
      SELECT user_id, seq, row_number() OVER (PARTITION BY user_id ORDER BY seq) AS place FROM user_events
    ) e WHERE seq <> place`,
  'a room whose last numbers are not those of its log and its messages': `
    SELECT id FROM rooms r
    WHERE deleted_at IS NULL AND (
      event_seq <> (SELECT count(*) FROM room_events WHERE room_id = r.id)
      OR message_no <> (SELECT count(*) FROM messages WHERE room_id = r.id)
      OR last_message_id IS DISTINCT FROM (SELECT max(id) FROM messages WHERE room_id = r.id AND deleted_at IS NULL)
    )`,
  'a message without exactly one event': `
    SELECT m.room_id, m.id FROM messages m JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL
    WHERE 1 <> (
      SELECT count(*) FROM room_events e
      WHERE e.room_id = m.room_id AND e.message_id = m.id AND e.type = 'message.created'
    )`,
  'messages told in another order than they have': `
    SELECT room_id, seq FROM (
      SELECT e.room_id, e.seq, m.no, lag(m.no) OVER (PARTITION BY e.room_id ORDER BY e.seq) AS before
      FROM room_events e JOIN messages m ON m.room_id = e.room_id AND m.id = e.message_id
      WHERE e.type = 'message.created'
    ) told WHERE no <= before`,
  'a message whose deletion was told twice': `
    SELECT room_id, data->>'message_id' AS message_id FROM room_events WHERE type = 'message.deleted'
    GROUP BY 1, 2 HAVING count(*) > 1`,
  'somebody who came twice, or went twice, in a row': `
    SELECT room_id, user_id, seq FROM (
      SELECT room_id, user_id, seq, type, lag(type) OVER (PARTITION BY room_id, user_id ORDER BY seq) AS before
      FROM (
        SELECT e.room_id, e.seq, e.type, (member->>'id')::bigint AS user_id
        FROM room_events e, jsonb_array_elements(e.data->'members') AS member WHERE e.type = 'member.added'
        UNION ALL
        SELECT room_id, seq, type, (data->>'user_id')::bigint FROM room_events WHERE type = 'member.removed'
      ) move
    ) moves WHERE type = before`,
  'a group made known twice to somebody who was in it': `
    SELECT user_id, room, seq FROM (
      SELECT user_id, seq, type, room, lag(type) OVER (PARTITION BY user_id, room ORDER BY seq) AS before
      FROM (
        SELECT user_id, seq, type, coalesce(data->'room'->>'id', data->>'room') AS room
        FROM user_events WHERE type IN ('room.created', 'room.hidden', 'room.deleted')
      ) change
    ) changes WHERE type = 'room.created' AND before = 'room.created'`,
  'the same client_id stored twice': `
    SELECT room_id, sender_id, client_id FROM messages WHERE client_id IS NOT NULL
    GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  'somebody notified of a message twice': `
    SELECT user_id, message_id FROM notifications WHERE message_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`,
}

/** Members who were not notified of a message that came after they did. Those who ever muted the room are left out. */
export const NOT_NOTIFIED = `
  SELECT rm.user_id, m.room_id, m.id FROM messages m
  JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL
  JOIN room_events told ON told.room_id = m.room_id AND told.message_id = m.id AND told.type = 'message.created'
  JOIN room_members rm ON rm.room_id = m.room_id AND rm.user_id <> m.sender_id
  LEFT JOIN (
    SELECT e.room_id, (member->>'id')::bigint AS user_id, max(e.seq) AS seq
    FROM room_events e, jsonb_array_elements(e.data->'members') AS member WHERE e.type = 'member.added'
    GROUP BY 1, 2
  ) came ON came.room_id = m.room_id AND came.user_id = rm.user_id
  WHERE m.deleted_at IS NULL AND told.seq > coalesce(came.seq, 0)
    AND NOT EXISTS (
      SELECT FROM user_events e
      WHERE e.user_id = rm.user_id AND e.type = 'room.muted' AND (e.data->>'room')::bigint = m.room_id
    )
    AND NOT EXISTS (SELECT FROM notifications n WHERE n.user_id = rm.user_id AND n.message_id = m.id)
  LIMIT 20`
