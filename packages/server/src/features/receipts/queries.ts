import type { ReadStatus } from '@confab/contract/receipts/resources'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import { unreadCount } from '../../db/unread-count.ts'

/** One read mark: up to which message of a room somebody has read, and when. */
export type Receipt = Readonly<{ user_id: number; up_to_no: number; id: number; read_at: string }>

/**
 * The receipts that decide who has read the messages with numbers from `low` to `high`: for each member those within,
 * and the first one beyond. Private ones only for the viewer whose they are.
 */
export async function listReceiptsAround(
  db: Db,
  roomId: number,
  range: { low: number; high: number },
  viewerId: number | null,
): Promise<Receipt[]> {
  const { rows } = await sql<Receipt>`${prepared}
    SELECT m.user_id, r.up_to_no, r.id, r.read_at
    FROM room_members m
    JOIN LATERAL (
      (SELECT * FROM read_receipts r
        WHERE r.room_id = m.room_id AND r.user_id = m.user_id AND r.up_to_no >= ${range.low} AND r.up_to_no < ${range.high}
        ORDER BY r.up_to_no)
      UNION ALL
      (SELECT * FROM read_receipts r
        WHERE r.room_id = m.room_id AND r.user_id = m.user_id AND r.up_to_no >= ${range.high}
        ORDER BY r.up_to_no LIMIT 1)
    ) r ON NOT r.is_private OR r.user_id = ${viewerId ?? 0}
    WHERE m.room_id = ${roomId}
    ORDER BY m.user_id, r.up_to_no`.execute(db)
  return rows
}

/**
 * Who has read one message, in the order of their ids or against it, and one more than the limit where there are more:
 * of each member but its sender the first receipt that reaches it. Private ones only for the viewer whose they are.
 */
export async function listReaders(
  db: Db,
  message: Readonly<{ room_id: number; no: number; sender_id: number }>,
  wanted: { viewerId: number; after: number | undefined; isBackward: boolean; limit: number },
): Promise<ReadStatus[]> {
  const { viewerId, after, isBackward, limit } = wanted
  const beyond = isBackward ? sql`m.user_id < ${after}` : sql`m.user_id > ${after}`
  const { rows } = await sql<Omit<Receipt, 'up_to_no'>>`
    SELECT m.user_id, r.id, r.read_at
    FROM room_members m
    JOIN LATERAL (
      SELECT * FROM read_receipts r
      WHERE r.room_id = m.room_id AND r.user_id = m.user_id AND r.up_to_no >= ${message.no}
      ORDER BY r.up_to_no LIMIT 1
    ) r ON NOT r.is_private OR r.user_id = ${viewerId}
    WHERE m.room_id = ${message.room_id} AND m.user_id <> ${message.sender_id}
      AND ${after === undefined ? sql`true` : beyond}
    ORDER BY m.user_id ${isBackward ? sql`DESC` : sql`ASC`}
    LIMIT ${limit + 1}`.execute(db)
  return rows.map(({ user_id, id, read_at }) => ({ id, user: { id: user_id }, timestamp: read_at }))
}

/** Somebody's membership, locked until the transaction ends, so that their read marks move one at a time. */
export function lockMembership(tx: Tx, roomId: number, userId: number) {
  return tx
    .selectFrom('room_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.read_no', 'u.send_read_receipts'])
    .where('m.room_id', '=', roomId)
    .where('m.user_id', '=', userId)
    .forUpdate('m')
    .modifyFront(prepared)
    .executeTakeFirst()
}

/** The message to be read, by its id, or the newest of the room. */
export function findReadable(db: Db, roomId: number, id: number | 'newest') {
  const messages = db
    .selectFrom('messages')
    .select(['id', 'no', 'sender_id', 'deleted_at'])
    .where('room_id', '=', roomId)
    .modifyFront(prepared)
  return id === 'newest'
    ? messages.orderBy('id', 'desc').limit(1).executeTakeFirst()
    : messages.where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

/** The first receipt of somebody that reaches a message. */
export async function findReceipt(db: Db, roomId: number, userId: number, no: number): Promise<ReadStatus | undefined> {
  const row = await db
    .selectFrom('read_receipts')
    .select(['id', 'read_at'])
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('up_to_no', '>=', no)
    .orderBy('up_to_no')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id, user: { id: userId }, timestamp: row.read_at }
}

/** Writes a receipt. */
export async function insertReceipt(
  tx: Tx,
  receipt: { room_id: number; user_id: number; up_to_no: number; is_private: boolean },
): Promise<ReadStatus> {
  const row = await tx
    .insertInto('read_receipts')
    .values({ ...receipt, read_at: sql<string>`clock_timestamp()` })
    .returning(['id', 'read_at'])
    .executeTakeFirstOrThrow()
  return { id: row.id, user: { id: receipt.user_id }, timestamp: row.read_at }
}

/** Somebody's membership of a room, and how far they have read it. */
type Reader = Readonly<{ roomId: number; userId: number; read_no: number }>

type Place = Readonly<{ id: number; no: number }>

/**
 * The messages from a read mark up to a place, as a table `passed`. Numbers of a room have no gaps, so that as many rows
 * are read as the mark moves, however many come after it.
 */
function passed({ roomId, read_no }: Reader, upTo: Place) {
  return sql`(
    SELECT id, no, sender_id, deleted_at FROM messages
    WHERE room_id = ${roomId} AND id <= ${upTo.id}
    ORDER BY id DESC LIMIT greatest(0, ${upTo.no}::bigint - ${read_no}::bigint)
  ) AS passed`
}

/** The newest message of somebody else that a reader has not read, at or before a place. */
export async function findLastUnread(db: Db, reader: Reader, upTo: Place): Promise<Place | undefined> {
  const { rows } = await sql<Place>`${prepared}
    SELECT id, no FROM ${passed(reader, upTo)}
    WHERE sender_id <> ${reader.userId} AND deleted_at IS NULL
    ORDER BY id DESC LIMIT 1`.execute(db)
  return rows[0]
}

/** Moves a read mark forward; one's own messages that it passes are no longer among those after it. */
export async function moveReadMark(tx: Tx, reader: Reader, upTo: Place): Promise<void> {
  await sql`${prepared}
    UPDATE room_members SET read_no = ${upTo.no}, own_unread = own_unread - (
      SELECT count(*) FROM ${passed(reader, upTo)} WHERE sender_id = ${reader.userId}
    )
    WHERE room_id = ${reader.roomId} AND user_id = ${reader.userId}`.execute(tx)
}

/** What somebody has not read in a room, up to which number they have read, and the number of its newest message. */
export async function readUnread(
  db: Db,
  roomId: number,
  userId: number,
): Promise<{ unread_count: number; read_no: number; last_no: number }> {
  const { rows } = await sql<{ unread_count: number; read_no: number; last_no: number }>`${prepared}
    SELECT ${unreadCount} AS unread_count, m.read_no, r.message_no AS last_no
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = ${roomId} AND m.user_id = ${userId}`.execute(db)
  return rows[0] ?? { unread_count: 0, read_no: 0, last_no: 0 }
}
