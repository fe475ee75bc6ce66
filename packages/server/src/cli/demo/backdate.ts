/**
 * Moves the demo's history into the past, a statement a table. What the server promises stays true: times of a room's
 * messages grow with their numbers, those of a topic's events and of somebody's notifications with theirs, and nothing
 * is read before it was said.
 */
import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Marked, Sent } from './talk.ts'

/** When things happened; times in milliseconds of Unix time. */
export type History = Readonly<{
  people: readonly Readonly<{ id: number; at: number }>[]
  requests: readonly Readonly<{ id: number; at: number; answeredAt: number }>[]
  groups: readonly Readonly<{ id: number; at: number }>[]
  blockedAt: number
  sent: readonly Sent[]
  marked: readonly Marked[]
}>

/** Gives everything its time, and puts it on the disk for good. Nothing else may be in the database. */
export async function backdate(tx: Tx, history: History): Promise<void> {
  await sql`SET LOCAL synchronous_commit = on`.execute(tx)
  await backdatePeople(tx, history)
  await backdateMessages(tx, history)
  await backdateRooms(tx, history)
  await backdateEvents(tx)
  await backdateNotifications(tx)
}

function times(values: readonly (number | undefined)[]): (string | null)[] {
  return values.map((value) => (value === undefined ? null : new Date(value).toISOString()))
}

async function backdatePeople(tx: Tx, { people, requests, blockedAt }: History): Promise<void> {
  await sql`
    UPDATE users SET created_at = p.at
    FROM unnest(${people.map(({ id }) => id)}::bigint[], ${times(people.map(({ at }) => at))}::timestamptz[]) AS p (id, at)
    WHERE users.id = p.id`.execute(tx)
  await sql`
    UPDATE friend_requests r SET created_at = p.at, updated_at = p.answered_at
    FROM unnest(
      ${requests.map(({ id }) => id)}::bigint[],
      ${times(requests.map(({ at }) => at))}::timestamptz[],
      ${times(requests.map(({ answeredAt }) => answeredAt))}::timestamptz[]
    ) AS p (id, at, answered_at) WHERE r.id = p.id`.execute(tx)
  await sql`
    UPDATE friendships f SET created_at = r.updated_at FROM friend_requests r
    WHERE r.status = 'accepted' AND f.low_id = least(r.from_user_id, r.to_user_id)
      AND f.high_id = greatest(r.from_user_id, r.to_user_id)`.execute(tx)
  await tx
    .updateTable('blocks')
    .set({ created_at: new Date(blockedAt).toISOString() })
    .execute()
}

async function backdateMessages(tx: Tx, { sent, marked }: History): Promise<void> {
  await sql`
    UPDATE messages m SET created_at = p.at, edited_at = p.edited_at, deleted_at = p.deleted_at
    FROM unnest(
      ${sent.map(({ roomId }) => roomId)}::bigint[],
      ${sent.map(({ id }) => id)}::bigint[],
      ${times(sent.map(({ scripted }) => scripted.at))}::timestamptz[],
      ${times(sent.map(({ scripted }) => scripted.edit?.at))}::timestamptz[],
      ${times(sent.map(({ scripted }) => scripted.deletedAt))}::timestamptz[]
    ) AS p (room_id, id, at, edited_at, deleted_at)
    WHERE m.room_id = p.room_id AND m.id = p.id`.execute(tx)
  await sql`
    UPDATE read_receipts r SET read_at = p.at
    FROM unnest(
      ${marked.map(({ roomId }) => roomId)}::bigint[],
      ${marked.map(({ userId }) => userId)}::bigint[],
      ${marked.map(({ no }) => no)}::bigint[],
      ${times(marked.map(({ at }) => at))}::timestamptz[]
    ) AS p (room_id, user_id, up_to_no, at)
    WHERE r.room_id = p.room_id AND r.user_id = p.user_id AND r.up_to_no = p.up_to_no`.execute(tx)
  await sql`
    UPDATE users SET last_seen_at = greatest(
      (SELECT max(created_at) FROM messages WHERE sender_id = users.id),
      (SELECT max(read_at) FROM read_receipts WHERE user_id = users.id)
    )`.execute(tx)
}

async function backdateRooms(tx: Tx, { groups }: History): Promise<void> {
  await sql`
    UPDATE rooms SET created_at = p.at
    FROM (
      SELECT * FROM unnest(${groups.map(({ id }) => id)}::bigint[], ${times(groups.map(({ at }) => at))}::timestamptz[])
      UNION ALL
      SELECT r.id, f.created_at FROM rooms r JOIN friendships f ON r.direct_key = f.low_id || ':' || f.high_id
    ) AS p (id, at)
    WHERE rooms.id = p.id`.execute(tx)
  await sql`
    UPDATE rooms SET last_message_at = p.at, active_at = coalesce(p.at, rooms.created_at)
    FROM (
      SELECT r.id, max(m.created_at) AS at FROM rooms r LEFT JOIN messages m ON m.room_id = r.id GROUP BY r.id
    ) AS p WHERE rooms.id = p.id`.execute(tx)
  await sql`UPDATE room_members m SET joined_at = r.created_at FROM rooms r WHERE r.id = m.room_id`.execute(tx)
}

/** An event has the time of what it tells of, or, where that has none, of the event before. */
async function backdateEvents(tx: Tx): Promise<void> {
  await sql`
    UPDATE room_events e SET created_at = p.at
    FROM (
      SELECT e.room_id, e.seq, max(coalesce(
        CASE e.type WHEN 'message.updated' THEN m.edited_at WHEN 'message.deleted' THEN m.deleted_at END,
        m.created_at, r.created_at
      )) OVER (PARTITION BY e.room_id ORDER BY e.seq) AS at
      FROM room_events e
      JOIN rooms r ON r.id = e.room_id
      LEFT JOIN messages m ON m.room_id = e.room_id
        AND m.id = coalesce(e.message_id, (e.data ->> 'message_id')::bigint)
    ) AS p WHERE e.room_id = p.room_id AND e.seq = p.seq`.execute(tx)
  await sql`
    UPDATE user_events e SET created_at = p.at
    FROM (
      SELECT e.user_id, e.seq, max(coalesce(
        CASE e.type WHEN 'friend_request.created' THEN r.created_at ELSE r.updated_at END,
        m.joined_at, b.created_at, u.created_at
      )) OVER (PARTITION BY e.user_id ORDER BY e.seq) AS at
      FROM user_events e
      JOIN users u ON u.id = e.user_id
      LEFT JOIN friend_requests r ON r.id = (e.data -> 'request' ->> 'id')::bigint
      LEFT JOIN room_members m ON m.room_id = (e.data -> 'room' ->> 'id')::bigint AND m.user_id = e.user_id
      LEFT JOIN blocks b ON b.blocker_id = e.user_id AND e.type = 'user.blocked'
    ) AS p WHERE e.user_id = p.user_id AND e.seq = p.seq`.execute(tx)
}

/** They are listed by id, so they are stored anew in the order of their times. Old ones beside messages are read. */
async function backdateNotifications(tx: Tx): Promise<void> {
  await sql`
    WITH old AS (DELETE FROM notifications RETURNING *), timed AS (
      SELECT old.*, coalesce(
        m.created_at, r.joined_at, CASE WHEN old.content IS NULL THEN q.created_at ELSE q.updated_at END
      ) AS at
      FROM old
      LEFT JOIN messages m ON m.room_id = old.room_id AND m.id = old.message_id
      LEFT JOIN room_members r ON old.type = 'room_invite' AND r.room_id = old.room_id AND r.user_id = old.user_id
      LEFT JOIN friend_requests q ON old.type = 'friend_request'
        AND least(q.from_user_id, q.to_user_id) = least(old.user_id, old.sender_id)
        AND greatest(q.from_user_id, q.to_user_id) = greatest(old.user_id, old.sender_id)
    )
    INSERT INTO notifications
      (user_id, type, sender_id, room_id, message_id, message_no, content, created_at, is_read)
    SELECT user_id, type, sender_id, room_id, message_id, message_no, content, at,
      is_read OR (message_id IS NULL AND at < now() - interval '3 days')
    FROM timed ORDER BY at, id`.execute(tx)
  // Their events name the old ones; nobody has been here to be told again of them.
  await sql`UPDATE user_events SET data = '{"ids": []}' WHERE type = 'notification.created'`.execute(tx)
}
