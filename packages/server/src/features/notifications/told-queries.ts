import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { type NotificationRow, notificationColumns, notificationJoins } from './view.ts'

/** A message as the log names it. */
export type MessageRef = Readonly<{ roomId: number; messageId: number }>

/** That a message mentions a member of its room. */
export type MentionRef = Readonly<{ messageId: number; userId: number }>

/** The texts with an @ among some messages, and where they stand. */
export async function listTextsWithMentions(
  tx: Tx,
  messages: readonly MessageRef[],
): Promise<(MessageRef & { content: string })[]> {
  const { rows } = await sql<MessageRef & { content: string }>`
    SELECT m.room_id AS "roomId", m.id AS "messageId", m.content
    FROM unnest(${roomIds(messages)}::bigint[], ${messageIds(messages)}::bigint[]) AS e (room_id, id)
    JOIN messages m ON m.room_id = e.room_id AND m.id = e.id
    WHERE m.deleted_at IS NULL AND m.content ~ '[@＠]'`.execute(tx)
  return rows
}

/** A name that is meant in a room, as it was written. */
export type NameInRoom = Readonly<{ roomId: number; name: string }>

/** Which of the names are those of members, in any case. */
export async function listMembersNamed(
  tx: Tx,
  names: readonly NameInRoom[],
): Promise<(NameInRoom & { userId: number })[]> {
  const { rows } = await sql<NameInRoom & { userId: number }>`
    SELECT c.room_id AS "roomId", c.name, u.id AS "userId"
    FROM unnest(${names.map((one) => one.roomId)}::bigint[], ${names.map((one) => one.name)}::text[]) AS c (room_id, name)
    JOIN users u ON lower(u.username) = lower(c.name)
    JOIN room_members rm ON rm.room_id = c.room_id AND rm.user_id = u.id`.execute(tx)
  return rows
}

/** How members are to be told of messages. */
export type Telling = Readonly<{
  messages: readonly MessageRef[]
  mentions: readonly MentionRef[]
  /** In larger rooms only those who are mentioned are told. */
  maxMembers: number
  /** At most this many rows come back for one person, the newest. */
  maxRowsEach: number
}>

/**
 * Stores a notification for every member who is to be told of a message: everyone but its sender, those who have muted
 * the room, those who were not in it yet, and those between whom and the sender there is a block. What its reader has
 * read already is stored as read.
 *
 * @returns what is new to its reader
 */
export async function insertToldOfMessages(
  tx: Tx,
  { messages, mentions, maxMembers, maxRowsEach }: Telling,
): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`
    WITH mentioned AS MATERIALIZED (
      SELECT DISTINCT * FROM unnest(
        ${mentions.map((one) => one.messageId)}::bigint[], ${mentions.map((one) => one.userId)}::bigint[]
      ) AS x (message_id, user_id)
    ), places AS MATERIALIZED (
      SELECT r.id, ${maxMembers} >= (
        SELECT count(*) FROM (SELECT FROM room_members c WHERE c.room_id = r.id LIMIT ${maxMembers + 1}) counted
      ) AS tells_all
      FROM rooms r WHERE r.id = ANY (${[...new Set(roomIds(messages))]}::bigint[]) AND r.deleted_at IS NULL
    ), sent AS MATERIALIZED (
      SELECT m.room_id, m.id, m.no, m.sender_id, m.created_at, p.tells_all
      FROM unnest(${roomIds(messages)}::bigint[], ${messageIds(messages)}::bigint[]) AS e (room_id, id)
      JOIN places p ON p.id = e.room_id
      JOIN messages m ON m.room_id = e.room_id AND m.id = e.id
      WHERE m.deleted_at IS NULL
    ), candidates AS (
      SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, x.user_id IS NOT NULL AS is_mention
      FROM sent s
      JOIN room_members rm ON rm.room_id = s.room_id
      LEFT JOIN mentioned x ON x.message_id = s.id AND x.user_id = rm.user_id
      WHERE s.tells_all
      UNION ALL
      SELECT s.*, rm.user_id, rm.read_no, rm.muted_until, rm.joined_at, true
      FROM sent s
      JOIN mentioned x ON x.message_id = s.id
      JOIN room_members rm ON rm.room_id = s.room_id AND rm.user_id = x.user_id
      WHERE NOT s.tells_all
    ), n AS (
      INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no, is_read)
      SELECT c.user_id, CASE WHEN c.is_mention THEN 'mention' ELSE 'new_message' END, c.sender_id, c.room_id, c.id, c.no,
        c.no <= c.read_no
      FROM candidates c
      WHERE c.user_id <> c.sender_id
        AND (c.muted_until IS NULL OR c.muted_until <= now())
        -- both times are rounded to milliseconds
        AND c.joined_at <= c.created_at + interval '1 millisecond'
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = c.user_id AND b.blocked_id = c.sender_id)
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = c.sender_id AND b.blocked_id = c.user_id)
      ORDER BY c.id, c.user_id
      RETURNING *
    )
    SELECT ${notificationColumns}
    FROM (SELECT n.*, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place FROM n WHERE NOT is_read) n
    ${notificationJoins}
    WHERE n.place <= ${maxRowsEach} ORDER BY n.id`.execute(tx)
  return rows
}

function roomIds(messages: readonly MessageRef[]): number[] {
  return messages.map((message) => message.roomId)
}

function messageIds(messages: readonly MessageRef[]): number[] {
  return messages.map((message) => message.messageId)
}
