import type { Notification, NotificationType } from '@confab/contract/notifications/resources'
import { type RawBuilder, sql } from 'kysely'

/** A notification as the queries bring it: what it names is looked up when it is read, not copied into it. */
export type NotificationRow = Readonly<{
  user_id: number
  id: number
  type: NotificationType
  created_at: string
  is_read: boolean
  room_id: number | null
  message_id: number | null
  message_no: number | null
  /** A username. */
  sender: string | null
  sender_name: string | null
  /** Stored with it, or else the message's. */
  text: string | null
  chat_name: string | null
}>

const fullName = (table: 's' | 'o') =>
  sql`coalesce(nullif(trim(${sql.ref(`${table}.first_name`)} || ' ' || ${sql.ref(`${table}.last_name`)}), ''), ${sql.ref(`${table}.username`)})`

const columnsWith = (text: RawBuilder<unknown>) => sql`
  n.user_id, n.id, n.type, n.created_at, n.is_read, n.room_id, n.message_id, n.message_no, s.username AS sender,
  ${fullName('s')} AS sender_name, coalesce(n.content, ${text}) AS text,
  CASE r.kind WHEN 'group' THEN r.name WHEN 'direct' THEN ${fullName('o')} END AS chat_name`

/** The longest text of a message in an event, in characters. */
const MAX_TOLD_TEXT = 500

/** The columns of a `NotificationRow`, of `n` and what `notificationJoins` joins to it. */
export const notificationColumns = columnsWith(sql`m.content`)

/** The same for events: texts of messages are cut where they lie, since one may be told to many. */
export const toldColumns = columnsWith(sql`left(m.content, ${sql.lit(MAX_TOLD_TEXT)})`)

/**
 * Joins what decides on whether the reader of a notification `n` may see it: the room, their place in it, and the message.
 * Each is looked up by its key: Postgres knows too little of how many are unread, and would read all messages of the
 * rooms for a few of them (measured, 3 ms of the 7 that marking a message as read took).
 */
export const visibilityJoins = sql`
  LEFT JOIN LATERAL (
    SELECT id, kind, name FROM rooms WHERE id = n.room_id AND deleted_at IS NULL LIMIT 1
  ) r ON true
  LEFT JOIN LATERAL (
    SELECT user_id FROM room_members WHERE room_id = n.room_id AND user_id = n.user_id LIMIT 1
  ) me ON true
  LEFT JOIN LATERAL (
    SELECT id, content FROM messages WHERE room_id = n.room_id AND id = n.message_id AND deleted_at IS NULL LIMIT 1
  ) m ON true`

/** Joins the sender and the other person of a direct room, too. */
export const notificationJoins = sql`
  ${visibilityJoins}
  LEFT JOIN users s ON s.id = n.sender_id
  LEFT JOIN LATERAL (
    SELECT u.username, u.first_name, u.last_name FROM room_members d JOIN users u ON u.id = d.user_id
    WHERE r.kind = 'direct' AND d.room_id = r.id AND d.user_id <> n.user_id
    LIMIT 1
  ) o ON true`

/**
 * What somebody may see of their notifications `n`, once `visibilityJoins` are there: none of a room that they are not
 * in or that is gone, and none of a deleted message.
 */
export const isVisible = sql`
  (n.room_id IS NULL OR (r.id IS NOT NULL AND me.user_id IS NOT NULL))
  AND (n.message_id IS NULL OR m.id IS NOT NULL)`

/** What is said where no text was stored with a notification that is not about a message. */
const sentences: { [Type in NotificationType]?: (sender: string, chatName: string) => string } = {
  room_invite: (sender, chatName) => `${sender} added you to ${chatName}.`,
  friend_request: (sender) => `${sender} sent you a friend request.`,
}

/** Only that a request was accepted is stored with a text. */
function requestEvent({ text }: NotificationRow): 'made' | 'accepted' {
  return text === null ? 'made' : 'accepted'
}

/** A row as the contract has it. */
export function toNotification(row: NotificationRow): Notification {
  const sender = row.sender_name ?? 'Somebody'
  const chatName = row.chat_name ?? row.sender_name ?? ''
  return {
    id: row.id,
    sender: row.sender,
    message: row.text ?? sentences[row.type]?.(sender, chatName) ?? '',
    chat_name: chatName,
    timestamp: row.created_at,
    is_read: row.is_read,
    notification_type: row.type,
    room_id: row.room_id,
    message_id: row.message_id,
    message_no: row.message_no,
    friend_request: row.type === 'friend_request' ? requestEvent(row) : null,
  }
}
