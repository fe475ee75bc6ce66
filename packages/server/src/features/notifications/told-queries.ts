import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Move } from '../../realtime/consumer.ts'
import { type NotificationRow, notificationJoins, toldColumns } from './view.ts'

/** A message as the log names it. */
export type MessageRef = Readonly<{ roomId: number; messageId: number }>

/** That a message mentions a member of its room. */
export type MentionRef = Readonly<{ messageId: number; userId: number }>

/** A name that is meant in a room, as it was written. */
export type NameInRoom = Readonly<{ roomId: number; name: string }>

/** Which of the names are those of members, in any case. */
export async function listMembersNamed(
  db: Db,
  names: readonly NameInRoom[],
): Promise<(NameInRoom & { userId: number })[]> {
  const { rows } = await sql<NameInRoom & { userId: number }>`
    SELECT c.room_id AS "roomId", c.name, u.id AS "userId"
    FROM unnest(${names.map((one) => one.roomId)}::bigint[], ${names.map((one) => one.name)}::text[]) AS c (room_id, name)
    JOIN users u ON lower(u.username) = lower(c.name)
    JOIN room_members rm ON rm.room_id = c.room_id AND rm.user_id = u.id`.execute(db)
  return rows
}

/** A message that is deleted, by its number in its room. */
export type DeletedMessage = Readonly<{ roomId: number; no: number }>

/**
 * Deletes what is unread of deleted messages. Nobody sees it any more, and whoever counts what is unread would go through it
 * for ever.
 */
export async function removeUnreadOfDeleted(db: Db, messages: readonly DeletedMessage[]): Promise<void> {
  if (messages.length === 0) return
  await sql`
    DELETE FROM notifications n
    USING unnest(${messages.map((one) => one.roomId)}::bigint[], ${messages.map((one) => one.no)}::bigint[]) AS d (room_id, no)
    JOIN room_members rm ON rm.room_id = d.room_id
    WHERE n.user_id = rm.user_id AND n.room_id = d.room_id AND n.message_no = d.no AND NOT n.is_read`.execute(db)
}

/** How members are to be told of messages. */
export type Telling = Readonly<{
  /** In which rooms; where the position cannot be moved nobody is told. */
  moves: readonly Move[]
  messages: readonly MessageRef[]
  mentions: readonly MentionRef[]
  /** In larger rooms only those who are mentioned are told. */
  maxMembers: number
  /** At most this many are told by one event. */
  maxAtOnce: number
}>

/** A notification, and the number of the event in its reader's topic that tells of it. */
export type ToldRow = NotificationRow & Readonly<{ seq: number }>

/**
 * Stores a notification for every member who is to be told of a message, records the events, and moves the positions, by
 * `tell_members`.
 *
 * @returns of each person what their last event tells, by id, and the rooms whose positions were moved
 */
export async function insertToldOfMessages(
  db: Db,
  { moves, messages, mentions, maxMembers, maxAtOnce }: Telling,
): Promise<{ moved: number[]; rows: ToldRow[] }> {
  const { rows } = await sql<{ moved: number | null } & ToldRow>`${prepared}
    SELECT t.moved, t.seq, ${toldColumns}
    FROM tell_members(
      ${moves.map((move) => move.roomId)}::bigint[], ${moves.map((move) => move.after)}::bigint[],
      ${moves.map((move) => move.upTo)}::bigint[],
      ${messages.map((message) => message.roomId)}::bigint[], ${messages.map((message) => message.messageId)}::bigint[],
      ${mentions.map((one) => one.messageId)}::bigint[], ${mentions.map((one) => one.userId)}::bigint[],
      ${maxMembers}, ${maxAtOnce}
    ) t
    CROSS JOIN LATERAL (SELECT (t.told).*) n
    ${notificationJoins} ORDER BY n.id`.execute(db)
  return { moved: rows.flatMap((row) => row.moved ?? []), rows: rows.filter((row) => row.moved === null) }
}
