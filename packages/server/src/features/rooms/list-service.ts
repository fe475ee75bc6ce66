import type { Chat } from '@confab/contract/rooms/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, type PageRequest, readPageRequest, toPage } from '../../http/paging.ts'
import { type ChatKey, type ChatOrder, type ChatRow, listChatRows } from './list-queries.ts'
import { listPlaceRows, type PlaceRow } from './place-queries.ts'
import { toChat } from './view.ts'

/** What a list of chats is asked for. */
export type ListQuery = { cursor?: string; limit?: string; search?: string; ordering?: string }

/** A page of chats, with the name of the list that its cursors are for. */
export type ChatPage = Readonly<{ list: string; page: Page<ChatRow>; chats: Chat[] }>

/** More words of a search than this are not looked for. */
const MAX_WORDS = 10

/**
 * The chats of the caller, but for hidden ones.
 *
 * @throws ChatError invalid_cursor
 */
export async function listRooms(ctx: Ctx, query: ListQuery): Promise<ChatPage> {
  const order = readOrder(query.ordering)
  const list = `chatrooms:${ctx.actor.id}:${order.isDescending ? '-' : ''}${order.by}`
  const request = readPageRequest(list, query)
  const words =
    query.search
      ?.split(/[\s,]+/)
      .filter(Boolean)
      .slice(0, MAX_WORDS) ?? []
  const after = readChatKey(order, request)
  const isBackward = request.position?.backward ?? false
  const found = await listChatRows(ctx.db, ctx.actor.id, { order, words, after, isBackward, limit: request.limit })
  const page = toPage(found, request)
  return { list, page, chats: page.rows.map((row) => toChat(ctx.core, row)) }
}

/** The rooms of the caller and their place in each, hidden ones too, by id; after an id. */
export function listPlaces(ctx: Ctx, range: { after: number; limit: number }): Promise<PlaceRow[]> {
  return listPlaceRows(ctx.db, ctx.actor.id, range)
}

function readOrder(ordering: string | undefined): ChatOrder {
  if (ordering === 'room_name') return { by: 'name', isDescending: false }
  if (ordering === '-room_name') return { by: 'name', isDescending: true }
  return { by: 'activity', isDescending: true }
}

/** After which chat a page starts. A cursor is the client's to send, so that anything may stand in it. */
function readChatKey(order: ChatOrder, { position }: PageRequest): ChatKey | undefined {
  if (!position) return undefined
  const [sortKey, id] = position.key
  const isKey = typeof sortKey === 'string' && typeof id === 'number' && position.key.length === 2
  if (!isKey || (order.by === 'activity' && !isTime(sortKey))) throw new ChatError('invalid_cursor')
  return { sortKey, id }
}

/** Whether the text is a time as this server writes them; years that Postgres does not know among them are none. */
function isTime(text: string): boolean {
  const time = /^(?!0000)\d{4}-/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString() === text
}
