/** Pages of a room's messages: from either end, from the middle, or only those with an image. */
import type { Message } from '@confab/contract/messages/resources'
import type { ExportedMessage } from '@confab/contract/privacy/resources'
import { ChatError, invalidField } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, type PageRequest, readPageRequest, toPage } from '../../http/paging.ts'
import { readTime } from '../../wire/time.ts'
import { requireMember } from '../rooms/access.ts'
import { searchMessageIds } from '../search/service.ts'
import * as queries from './queries.ts'
import { viewMessages } from './view.ts'

/** What a list of messages is asked for. */
export type ListQuery = {
  cursor?: string
  limit?: string
  search?: string
  ordering?: string
  around?: number
  at?: string
  no?: number
}

/** A page of messages, with the name of the list that its cursors are for. */
export type MessagePage = Readonly<{ list: string; page: Page<queries.MessageRow>; messages: Message[] }>

/**
 * The messages of a room, newest first unless ordered otherwise; from one end, after a cursor, around a message, or from a
 * time or number on.
 *
 * @throws ChatError room_not_found, invalid_cursor, message_not_found; InvalidFields
 */
export async function listMessages(ctx: Ctx, roomId: number, query: ListQuery): Promise<MessagePage> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const isAscending = query.ordering === 'timestamp' || query.ordering === 'id'
  // A cursor of another room is ignored: clients are known to bring the one of the room they showed before.
  const list = `messages:${roomId}:${isAscending ? 'oldest' : 'newest'}`
  const request = readPageRequest(list, query)
  const stretch = request.position ? undefined : await findStretch(ctx, roomId, { ...query, limit: request.limit })
  const page = stretch
    ? inOrder(stretch, isAscending)
    : await readPage(ctx, roomId, { request, isAscending, search: query.search })
  return { list, page, messages: await viewMessages(ctx.core, ctx.db, page.rows, ctx.actor.id) }
}

async function readPage(
  ctx: Ctx,
  roomId: number,
  { request, isAscending, search }: { request: PageRequest; isAscending: boolean; search: string | undefined },
): Promise<Page<queries.MessageRow>> {
  const range = {
    after: readMessageKey(request),
    isAscending: isAscending !== (request.position?.backward ?? false),
    limit: request.limit + 1,
  }
  const rows = search?.trim()
    ? await findRows(ctx, roomId, search, range)
    : await queries.listMessageRows(ctx.db, roomId, range)
  return toPage(rows, request)
}

/** After which message a page starts. A cursor is the client's to send, so that anything may stand in it. */
function readMessageKey({ position }: PageRequest): number | undefined {
  if (!position) return undefined
  const [id] = position.key
  if (typeof id !== 'number' || position.key.length !== 1) throw new ChatError('invalid_cursor')
  return id
}

async function findRows(
  ctx: Ctx,
  roomId: number,
  search: string,
  range: queries.MessageRange,
): Promise<queries.MessageRow[]> {
  const ids = await searchMessageIds(ctx.core, roomId, search, range)
  const rows = await queries.listMessagesByKeys(
    ctx.db,
    ids.map((id) => ({ roomId, id })),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Messages without a hole between them, oldest first, and whether there are more at either end. */
type Stretch = Readonly<{ rows: queries.MessageRow[]; hasOlder: boolean; hasNewer: boolean }>

type Jump = { around?: number; at?: string; no?: number; search?: string; limit: number }

/** The stretch that a request names by a message, a time or a number; undefined where it names none. */
async function findStretch(ctx: Ctx, roomId: number, jump: Jump): Promise<Stretch | undefined> {
  const { around, at, no, search, limit } = jump
  const [, second] = Object.entries({ around, at, no }).filter(([, value]) => value !== undefined)
  if (second) throw invalidField(second[0], 'Give only one of around, at and no.')
  if (around === undefined && at === undefined && no === undefined) return undefined
  if (search?.trim()) throw invalidField('search', 'A search has no place in time.')
  if (around !== undefined) return readAround(ctx, roomId, { id: around, limit })
  const first = at === undefined ? { no: no ?? 0 } : { time: new Date(readTime('at', at)).toISOString() }
  return readFrom(ctx, roomId, { first: await queries.findFirstId(ctx.db, roomId, first), limit })
}

/** A message in the middle of those around it; near an end of the room, the other side has more of them. */
async function readAround(ctx: Ctx, roomId: number, { id, limit }: { id: number; limit: number }): Promise<Stretch> {
  const middle = await queries.findMessage(ctx.db, roomId, id)
  if (!middle || middle.deleted_at !== null) throw new ChatError('message_not_found')
  const [newer, older] = await Promise.all([
    queries.listMessageRows(ctx.db, roomId, { after: id, isAscending: true, limit }),
    queries.listMessageRows(ctx.db, roomId, { after: id, isAscending: false, limit }),
  ])
  const others = limit - 1
  const newerCount = Math.min(newer.length, Math.max(Math.floor(others / 2), others - older.length))
  const olderCount = Math.min(older.length, others - newerCount)
  return {
    rows: [...older.slice(0, olderCount).reverse(), middle, ...newer.slice(0, newerCount)],
    hasOlder: older.length > olderCount,
    hasNewer: newer.length > newerCount,
  }
}

/** The messages from an id on; where there are none, the newest. */
async function readFrom(
  ctx: Ctx,
  roomId: number,
  { first, limit }: { first: number | undefined; limit: number },
): Promise<Stretch> {
  const later =
    first === undefined
      ? []
      : await queries.listMessageRows(ctx.db, roomId, { after: first - 1, isAscending: true, limit: limit + 1 })
  const range = { after: later[0]?.id, isAscending: false, limit: later.length > 0 ? 1 : limit + 1 }
  const earlier = await queries.listMessageRows(ctx.db, roomId, range)
  if (later.length > 0) {
    return { rows: later.slice(0, limit), hasOlder: earlier.length > 0, hasNewer: later.length > limit }
  }
  return { rows: earlier.slice(0, limit).reverse(), hasOlder: earlier.length > limit, hasNewer: false }
}

function inOrder({ rows, hasOlder, hasNewer }: Stretch, isAscending: boolean): Page<queries.MessageRow> {
  if (isAscending) return { rows, hasBefore: hasOlder, hasAfter: hasNewer }
  return { rows: rows.toReversed(), hasBefore: hasNewer, hasAfter: hasOlder }
}

/** What the caller has said in a room, oldest first, after an id; images as links relative to the site. */
export async function listOwnMessages(
  ctx: Ctx,
  roomId: number,
  range: { after: number; limit: number },
): Promise<ExportedMessage[]> {
  const rows = await queries.listMessagesBy(ctx.db, { roomId, senderId: ctx.actor.id, ...range })
  return rows.map(({ room_id: room, created_at: timestamp, image, ...row }) => ({
    ...row,
    room,
    timestamp,
    image: image === null ? null : ctx.core.services.media.imageUrl('message', image),
  }))
}

/**
 * The messages of a room that have an image, newest first.
 *
 * @throws ChatError room_not_found, invalid_cursor
 */
export async function listRoomImages(
  ctx: Ctx,
  roomId: number,
  query: { cursor?: string; limit?: string },
): Promise<MessagePage> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const list = `images:${roomId}`
  const request = readPageRequest(list, query)
  const isAscending = request.position?.backward ?? false
  const range = { after: readMessageKey(request), isAscending, limit: request.limit + 1 }
  const page = toPage(await queries.selectImages(ctx.db, roomId, range).execute(), request)
  return { list, page, messages: await viewMessages(ctx.core, ctx.db, page.rows, ctx.actor.id) }
}
