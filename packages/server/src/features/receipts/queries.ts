import type { ReadStatus } from '@confab/contract/receipts/resources'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
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
  const { rows } = await sql<Receipt>`
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

/** Somebody's membership, locked until the transaction ends, so that their read marks move one at a time. */
export function lockMembership(tx: Tx, roomId: number, userId: number) {
  return tx
    .selectFrom('room_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.read_no', 'm.own_unread', 'u.send_read_receipts'])
    .where('m.room_id', '=', roomId)
    .where('m.user_id', '=', userId)
    .forUpdate('m')
    .executeTakeFirst()
}

/** The message to be read, by its id, or the newest of the room. */
export function findReadable(db: Db, roomId: number, id: number | 'newest') {
  const messages = db
    .selectFrom('messages')
    .select(['id', 'no', 'sender_id', 'deleted_at'])
    .where('room_id', '=', roomId)
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

/** Moves a read mark forward, and counts anew how many of the messages after it are one's own. */
export async function moveReadMark(
  tx: Tx,
  member: { roomId: number; userId: number },
  upTo: { id: number; no: number },
): Promise<void> {
  await tx
    .updateTable('room_members')
    .set((set) => ({
      read_no: upTo.no,
      own_unread: set
        .selectFrom('messages')
        .select((count) => sql<number>`${count.fn.countAll()}::integer`.as('count'))
        .where('room_id', '=', member.roomId)
        .where('id', '>', upTo.id)
        .where('sender_id', '=', member.userId),
    }))
    .where('room_id', '=', member.roomId)
    .where('user_id', '=', member.userId)
    .execute()
}

/** What somebody has not read in a room, up to which number they have read, and the number of its newest message. */
export async function readUnread(
  db: Db,
  roomId: number,
  userId: number,
): Promise<{ unread_count: number; read_no: number; last_no: number }> {
  const { rows } = await sql<{ unread_count: number; read_no: number; last_no: number }>`
    SELECT ${unreadCount} AS unread_count, m.read_no, r.message_no AS last_no
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = ${roomId} AND m.user_id = ${userId}`.execute(db)
  return rows[0] ?? { unread_count: 0, read_no: 0, last_no: 0 }
}
