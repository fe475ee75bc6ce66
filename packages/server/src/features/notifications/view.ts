import type { Notification, NotificationType } from '@confab/contract/notifications/resources'
import { sql } from 'kysely'

/** A notification as the queries bring it: what it names is looked up when it is read, not copied into it. */
export type NotificationRow = Readonly<{
  user_id: number
  id: number
  type: NotificationType
  created_at: string
  is_read: boolean
  room_id: number | null
  message_id: number | null
  /** A username. */
  sender: string | null
  sender_name: string | null
  /** Stored with it, or else the message's. */
  text: string | null
  chat_name: string | null
}>

const fullName = (table: 's' | 'o') =>
  sql`coalesce(nullif(trim(${sql.ref(`${table}.first_name`)} || ' ' || ${sql.ref(`${table}.last_name`)}), ''), ${sql.ref(`${table}.username`)})`

/** The columns of a `NotificationRow`, of `n` and what `notificationJoins` joins to it. */
export const notificationColumns = sql`
  n.user_id, n.id, n.type, n.created_at, n.is_read, n.room_id, n.message_id, s.username AS sender,
  ${fullName('s')} AS sender_name, coalesce(n.content, m.content) AS text,
  CASE r.kind WHEN 'group' THEN r.name WHEN 'direct' THEN ${fullName('o')} END AS chat_name`

/**
 * Joins the sender, the room, its reader's place in it, the other person of a direct room, and the message of a
 * notification `n`. All are joins and no EXISTS: Postgres would hash the whole table of members for one page.
 */
export const notificationJoins = sql`
  LEFT JOIN users s ON s.id = n.sender_id
  LEFT JOIN rooms r ON r.id = n.room_id AND r.deleted_at IS NULL
  LEFT JOIN room_members me ON me.room_id = n.room_id AND me.user_id = n.user_id
  LEFT JOIN LATERAL (
    SELECT u.username, u.first_name, u.last_name FROM room_members d JOIN users u ON u.id = d.user_id
    WHERE r.kind = 'direct' AND d.room_id = r.id AND d.user_id <> n.user_id
    LIMIT 1
  ) o ON true
  LEFT JOIN messages m ON m.room_id = n.room_id AND m.id = n.message_id AND m.deleted_at IS NULL`

/**
 * What somebody may see of their notifications `n`, once `notificationJoins` are there: none of a room that they are not
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
    friend_request: row.type === 'friend_request' ? requestEvent(row) : null,
  }
}

/** The longest text of a message in a signal, in characters. */
const MAX_SIGNAL_TEXT = 500

/** The same for a signal: the text of a message is bounded, since one may be told to many. What the system says is short. */
export function toSignalled(row: NotificationRow): Notification {
  const notification = toNotification(row)
  if (row.message_id === null || notification.message.length <= MAX_SIGNAL_TEXT) return notification
  return { ...notification, message: notification.message.slice(0, MAX_SIGNAL_TEXT).toWellFormed() }
}
