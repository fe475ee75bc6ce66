import { sql } from 'kysely'

/**
 * What a member has not read of a room, as an SQL expression over the member `m` and the room `r`: the messages after the
 * one they have read, without their own and without deleted ones, of which a room has few. An expression and not a
 * function of the database, since Postgres starts a query of its own for each call of a function that has one inside.
 */
export const UNREAD_COUNT = `greatest(0, r.message_no - m.read_no - m.own_unread - (
  SELECT count(*) FROM messages d
  WHERE d.room_id = r.id AND d.no > m.read_no AND d.deleted_at IS NOT NULL AND d.sender_id <> m.user_id
))`

/** {@link UNREAD_COUNT} as a part of a query. */
export const unreadCount = sql.raw<number>(UNREAD_COUNT)
