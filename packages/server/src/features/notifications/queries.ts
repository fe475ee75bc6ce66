import { MAX_UNREAD_COUNTED, type NotificationType } from '@confab/contract/notifications/resources'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import {
  isVisible,
  type NotificationRow,
  notificationColumns,
  notificationJoins,
  toldColumns,
  visibilityJoins,
} from './view.ts'

/** The same notification for some people. */
export type NewNotification = Readonly<{
  type: NotificationType
  userIds: readonly number[]
  senderId?: number
  roomId?: number
  messageId?: number
  messageNo?: number
  /** The text; without one it is the message's, or a sentence that goes with the type. */
  content?: string
}>

/** Stores a notification for everyone it is for; people who do not exist get none. */
export async function insertNotifications(tx: Tx, given: NewNotification): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`
    WITH n AS (
      INSERT INTO notifications (user_id, type, sender_id, room_id, message_id, message_no, content)
      SELECT u.id, ${given.type}::text, ${given.senderId ?? null}::bigint, ${given.roomId ?? null}::bigint,
        ${given.messageId ?? null}::bigint, ${given.messageNo ?? null}::bigint, ${given.content ?? null}::text
      FROM users u WHERE u.id = ANY (${given.userIds}::bigint[]) AND u.deleted_at IS NULL
      RETURNING *
    )
    SELECT ${notificationColumns} FROM n ${notificationJoins} ORDER BY n.id`.execute(tx)
  return rows
}

/** Whose notifications: all of them or the unread ones, of some types, of a room's messages. */
export type NotificationFilter = Readonly<{
  userId: number
  unreadOnly: boolean
  types?: readonly NotificationType[]
  roomId?: number | undefined
}>

/** One page by id, in the direction asked for, after a given id. */
export type NotificationRange = Readonly<{ after: number | undefined; descending: boolean; limit: number }>

/** What somebody may see of their notifications. */
export async function listNotificationRows(
  db: Db,
  { userId, unreadOnly, types, roomId }: NotificationFilter,
  { after, descending, limit }: NotificationRange,
): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`${prepared}
    SELECT ${notificationColumns} FROM notifications n ${notificationJoins}
    WHERE n.user_id = ${userId} AND ${isVisible}
      ${unreadOnly ? sql`AND NOT n.is_read` : sql``}
      ${roomId === undefined ? sql`` : sql`AND n.room_id = ${roomId} AND n.message_no IS NOT NULL`}
      ${types ? sql`AND n.type = ANY (${types}::text[])` : sql``}
      ${after === undefined ? sql`` : descending ? sql`AND n.id < ${after}` : sql`AND n.id > ${after}`}
    ORDER BY n.id ${descending ? sql`DESC` : sql`ASC`} LIMIT ${limit}`.execute(db)
  return rows
}

/** One notification, if it is that person's and they may see it. */
export async function findNotification(db: Db, userId: number, id: number): Promise<NotificationRow | undefined> {
  const { rows } = await sql<NotificationRow>`
    SELECT ${notificationColumns} FROM notifications n ${notificationJoins}
    WHERE n.user_id = ${userId} AND n.id = ${id} AND ${isVisible}`.execute(db)
  return rows[0]
}

/** Those of some notifications of any people that are there and visible to their readers, as events tell them. */
export async function listNotificationsNamed(
  db: Db,
  named: readonly { userId: number; id: number }[],
): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`${prepared}
    SELECT ${toldColumns}
    FROM unnest(${named.map((one) => one.userId)}::bigint[], ${named.map((one) => one.id)}::bigint[]) AS one (user_id, id)
    JOIN notifications n ON n.user_id = one.user_id AND n.id = one.id ${notificationJoins}
    WHERE ${isVisible}`.execute(db)
  return rows
}

/** How many of somebody's are unread, counted up to a bound. */
export async function countUnreadRows(db: Db, userId: number): Promise<number> {
  const [count] = await countUnreadOfEach(db, [userId])
  return count ?? 0
}

/**
 * The same for each of several people, in their order. What is unread is gone through in the order of its index: that marks
 * what was read since the last vacuum, which is then not looked at again.
 */
export async function countUnreadOfEach(db: Db, userIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ count: number }>`${prepared}
    SELECT (
      SELECT count(*) FROM (
        SELECT FROM notifications n ${visibilityJoins}
        WHERE n.user_id = one.id AND NOT n.is_read AND ${isVisible}
        ORDER BY n.id LIMIT ${MAX_UNREAD_COUNTED}
      ) counted
    ) AS count
    FROM unnest(${userIds}::bigint[]) WITH ORDINALITY AS one (id, place) ORDER BY one.place`.execute(db)
  return rows.map(({ count }) => count)
}

/** Sets the read mark of one that is there and visible; undefined if it is not, else whether that changed anything. */
export async function setRead(tx: Tx, userId: number, id: number, isRead: boolean): Promise<boolean | undefined> {
  const { rows } = await sql<{ was_read: boolean }>`
    WITH found AS (
      SELECT n.user_id, n.id, n.is_read FROM notifications n ${visibilityJoins}
      WHERE n.user_id = ${userId} AND n.id = ${id} AND ${isVisible} FOR NO KEY UPDATE OF n
    ), changed AS (
      UPDATE notifications SET is_read = ${isRead} FROM found
      WHERE notifications.user_id = found.user_id AND notifications.id = found.id AND found.is_read <> ${isRead}
    )
    SELECT is_read AS was_read FROM found`.execute(tx)
  return rows[0] && rows[0].was_read !== isRead
}

/** Marks everything as read; answers how many of the ones that can be seen were not. */
export async function setAllRead(tx: Tx, userId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    WITH n AS (
      UPDATE notifications SET is_read = true WHERE user_id = ${userId} AND NOT is_read RETURNING *
    )
    SELECT count(*) FROM n ${visibilityJoins} WHERE ${isVisible}`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Deletes one that is there and visible; answers whether it was. */
export async function removeNotification(tx: Tx, userId: number, id: number): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM notifications WHERE user_id = ${userId} AND id IN (
      SELECT n.id FROM notifications n ${visibilityJoins}
      WHERE n.user_id = ${userId} AND n.id = ${id} AND ${isVisible}
    ) RETURNING id`.execute(tx)
  return rows.length > 0
}

/** The lock that keeps the marking of a room's notifications apart from the writing of them, by `tell_members`. */
const ROOM_LOCK = 1_179_207

/**
 * Waits until no notifications of the room are being written, and lets none be until the end of the transaction: they
 * are then either seen by what follows, or written with the read mark that this transaction sets.
 */
export async function lockRoomForReading(tx: Tx, roomId: number): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${ROOM_LOCK}, hashint8(${roomId}))`.execute(tx)
}

/** Marks the notifications of a room's messages up to a number as read; answers how many were not. */
export async function setRoomRead(tx: Tx, userId: number, roomId: number, upToNo: number): Promise<number> {
  const { numAffectedRows } = await sql`${prepared}
    UPDATE notifications SET is_read = true
    WHERE user_id = ${userId} AND room_id = ${roomId} AND NOT is_read AND message_no IS NOT NULL
      AND message_no <= ${upToNo}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Deletes what people have not read yet of a room, that they were added to it too. Answers who had any. */
export async function removeUnreadOfRoom(tx: Tx, roomId: number, userIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    WITH gone AS (
      DELETE FROM notifications WHERE user_id = ANY (${userIds}::bigint[]) AND room_id = ${roomId} AND NOT is_read
      RETURNING user_id
    ) SELECT DISTINCT user_id FROM gone ORDER BY user_id`.execute(tx)
  return rows.map((row) => row.user_id)
}

/** Deletes everything that somebody was told. */
export async function removeAll(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom('notifications').where('user_id', '=', userId).execute()
}

/** Deletes read notifications from before a time; answers how many, at most `limit`. */
export async function removeReadBefore(db: Db, before: Date, limit: number): Promise<number> {
  const { rows } = await sql`
    DELETE FROM notifications USING (
      SELECT user_id, id FROM notifications WHERE is_read AND created_at < ${before} LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) old
    WHERE notifications.user_id = old.user_id AND notifications.id = old.id RETURNING 1`.execute(db)
  return rows.length
}
