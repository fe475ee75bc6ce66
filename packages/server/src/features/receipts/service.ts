import { UnreadChanged } from '@confab/contract/receipts/events'
import type { ReadStatus } from '@confab/contract/receipts/resources'
import { ChatError } from '../../chat-error.ts'
import { afterCommit, type Ctx } from '../../ctx.ts'
import type { Db, Tx } from '../../db/open.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { markRoomRead as markNotificationsRead } from '../notifications/service.ts'
import { requireMember } from '../rooms/access.ts'
import * as queries from './queries.ts'

/** A read mark that moved, or that was there already; none for a message of one's own, only for what is before it. */
export type MarkedRead = Readonly<{ receipt: ReadStatus | undefined; isNew: boolean }>

/**
 * Marks a message and all before it as read. The mark moves forward only; reading again answers the receipt there is.
 *
 * @throws ChatError room_not_found, message_not_found
 */
export function markMessageRead(ctx: Ctx, roomId: number, messageId: number): Promise<MarkedRead> {
  return ctx.transaction(async (tx) => {
    const member = await queries.lockMembership(tx, roomId, ctx.actor.id)
    if (!member) throw new ChatError('room_not_found')
    const message = await queries.findReadable(tx, roomId, messageId)
    if (!message) throw new ChatError('message_not_found')
    if (message.sender_id === ctx.actor.id) {
      const reader = { roomId, userId: ctx.actor.id, read_no: member.read_no }
      const before = await queries.findLastUnread(tx, reader, message)
      if (before) await moveMark(ctx, tx, roomId, before, member)
      return { receipt: undefined, isNew: false }
    }
    const known = await queries.findReceipt(tx, roomId, ctx.actor.id, message.no)
    if (known) return { receipt: known, isNew: false }
    const receipt = await moveMark(ctx, tx, roomId, message, member)
    return { receipt, isNew: true }
  })
}

/**
 * Marks everything in a room as read.
 *
 * @throws ChatError room_not_found
 */
export function markRoomRead(ctx: Ctx, roomId: number): Promise<{ unread_count: number }> {
  return ctx.transaction(async (tx) => {
    const member = await queries.lockMembership(tx, roomId, ctx.actor.id)
    if (!member) throw new ChatError('room_not_found')
    const newest = await queries.findReadable(tx, roomId, 'newest')
    if (newest && newest.no > member.read_no) await moveMark(ctx, tx, roomId, newest, member)
    const { unread_count } = await queries.readUnread(tx, roomId, ctx.actor.id)
    return { unread_count }
  })
}

type Member = { read_no: number; send_read_receipts: boolean }

async function moveMark(
  ctx: Ctx,
  tx: Tx,
  roomId: number,
  message: { id: number; no: number },
  member: Member,
): Promise<ReadStatus> {
  const { actor } = ctx
  const isPrivate = !member.send_read_receipts
  const mark = { room_id: roomId, user_id: actor.id, up_to_no: message.no, is_private: isPrivate }
  // Somebody who left and came back may have read further before than their new membership knows.
  const known = await queries.findReceipt(tx, roomId, actor.id, message.no)
  const receipt = known ?? (await queries.insertReceipt(tx, mark))
  const reader = { roomId, userId: actor.id, read_no: member.read_no }
  if (message.no > member.read_no) await queries.moveReadMark(tx, reader, message)
  await markNotificationsRead(tx, actor.id, roomId, message.no)
  const unread = await queries.readUnread(tx, roomId, actor.id)
  afterCommit(tx, ({ services: { realtime, receiptSignals } }) => {
    realtime.signal(UnreadChanged, actor.id, { room: roomId, ...unread })
    if (isPrivate) return
    receiptSignals.tell({
      room: roomId,
      user: { id: actor.id, username: actor.username },
      message_id: message.id,
      no: message.no,
      read_at: receipt.timestamp,
    })
  })
  return receipt
}

/** A page of who has read a message, with the name of the list that its cursors are for. */
export type ReadStatusPage = Readonly<{ list: string; page: Page<ReadStatus> }>

/**
 * Who has read a message, by the id of the reader.
 *
 * @throws ChatError room_not_found, message_not_found, invalid_cursor
 */
export async function listReadStatuses(
  ctx: Ctx,
  { room, id }: { room: number; id: number },
  query: { cursor?: string; limit?: string },
): Promise<ReadStatusPage> {
  await requireMember(ctx.db, room, ctx.actor.id)
  const message = await queries.findReadable(ctx.db, room, id)
  if (!message) throw new ChatError('message_not_found')
  const list = `readers:${id}`
  const request = readListRequest(list, query)
  const [after] = request.position?.key ?? []
  if (typeof after === 'string') throw new ChatError('invalid_cursor')
  const { limit, position } = request
  const wanted = { viewerId: ctx.actor.id, after, isBackward: position?.backward ?? false, limit }
  return { list, page: toPage(await queries.listReaders(ctx.db, { ...message, room_id: room }, wanted), request) }
}

/** What a message must say of itself for its receipts to be found. */
type Readable = Readonly<{ id: number; no: number; room_id: number; sender_id: number }>

/**
 * Who has read each of some messages of one room, by message id; one query for all.
 *
 * @param viewerId whose own private receipts are among them; null for what everybody may see
 */
export async function listReadStatusesOf(
  db: Db,
  messages: readonly Readable[],
  viewerId: number | null,
): Promise<Map<number, ReadStatus[]>> {
  const first = messages[0]
  if (!first) return new Map()
  const numbers = messages.map((message) => message.no)
  const range = { low: Math.min(...numbers), high: Math.max(...numbers) }
  const receipts = await queries.listReceiptsAround(db, first.room_id, range, viewerId)
  return new Map(messages.map((message) => [message.id, firstReaching(receipts, message)]))
}

/** The receipts come ordered by person and number: of each person the first that reaches the message counts. */
function firstReaching(receipts: readonly queries.Receipt[], message: Readable): ReadStatus[] {
  const statuses: ReadStatus[] = []
  let found = 0
  for (const receipt of receipts) {
    if (receipt.user_id === found || receipt.user_id === message.sender_id || receipt.up_to_no < message.no) continue
    found = receipt.user_id
    statuses.push({ id: receipt.id, user: { id: receipt.user_id }, timestamp: receipt.read_at })
  }
  return statuses
}

/** What the caller has not read in a room that they are in. */
export async function readUnreadCount(ctx: Ctx, roomId: number): Promise<number> {
  const { unread_count } = await queries.readUnread(ctx.db, roomId, ctx.actor.id)
  return unread_count
}
