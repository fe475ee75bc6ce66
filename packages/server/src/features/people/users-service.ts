import type { User } from '@confab/contract/people/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { readNameKey, wordsOf } from './names.ts'
import { findUserRow, listUserRows, type UserOrder, type UserRow, userOrders } from './user-queries.ts'
import { toUser } from './views.ts'

/** What a list of people is asked for. */
export type ListQuery = { cursor?: string; limit?: string; search?: string; ordering?: string }

/**
 * Everyone, the caller too, but for those who blocked the caller; with a search those whose username and names have
 * every word of it. By username, unless ordered otherwise.
 *
 * @throws ChatError invalid_cursor
 */
export async function listUsers(
  ctx: Ctx,
  query: ListQuery,
): Promise<{ list: string; page: Page<UserRow>; users: User[] }> {
  const order = readOrder(query.ordering)
  const list = `users:${order.isDescending ? '-' : ''}${order.by}`
  const request = readListRequest(list, query)
  const filter = { words: wordsOf(query.search), order, after: readNameKey(request), limit: request.limit }
  const page = toPage(await listUserRows(ctx.db, ctx.actor.id, filter), request)
  return { list, page, users: page.rows.map((row) => toUser(ctx.core, row)) }
}

function readOrder(ordering = ''): UserOrder {
  const by = userOrders.find((name) => name === ordering.replace(/^-/, ''))
  return by ? { by, isDescending: ordering.startsWith('-') } : { by: 'username', isDescending: false }
}

/**
 * One person, also one who blocked the caller: they may meet in groups all the same.
 *
 * @throws ChatError user_missing
 */
export async function getUser(ctx: Ctx, userId: number): Promise<User> {
  const row = await findUserRow(ctx.db, ctx.actor.id, userId)
  if (!row) throw new ChatError('user_missing')
  return toUser(ctx.core, row)
}
