import type { Friend } from '@confab/contract/people/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { recordFriendsNoLonger } from './announce.ts'
import { readNameKey, wordsOf } from './names.ts'
import { deleteFriendship, listPersonRows, lockPair } from './pair-queries.ts'
import { type FriendRow, findFriendRow, listFriendRows } from './user-queries.ts'
import type { ListQuery } from './users-service.ts'
import { toFriend } from './views.ts'

/**
 * The caller's friends by username; with a search those whose username and names have every word of it.
 *
 * @throws ChatError invalid_cursor
 */
export async function listFriends(
  ctx: Ctx,
  query: ListQuery,
): Promise<{ list: string; page: Page<FriendRow>; friends: Friend[] }> {
  const list = 'friends:username'
  const request = readListRequest(list, query)
  const filter = { words: wordsOf(query.search), after: readNameKey(request), limit: request.limit }
  const page = toPage(await listFriendRows(ctx.db, ctx.actor.id, filter), request)
  return { list, page, friends: page.rows.map((row) => toFriend(ctx.core, row)) }
}

/** @throws ChatError friend_missing */
export async function getFriend(ctx: Ctx, friendId: number): Promise<Friend> {
  const row = await findFriendRow(ctx.db, ctx.actor.id, friendId)
  if (!row) throw new ChatError('friend_missing')
  return toFriend(ctx.core, row)
}

/**
 * Ends a friendship. The direct room stays.
 *
 * @throws ChatError unfriend_user_missing, not_friends
 */
export function removeFriend(ctx: Ctx, friendId: number): Promise<{ detail: string }> {
  const { id } = ctx.actor
  return ctx.transaction(async (tx) => {
    const [friend] = await listPersonRows(tx, [friendId])
    if (!friend) throw new ChatError('unfriend_user_missing')
    await lockPair(tx, id, friendId)
    if (!(await deleteFriendship(tx, id, friendId))) throw new ChatError('not_friends')
    await recordFriendsNoLonger(tx, id, friendId)
    return { detail: `Successfully removed ${friend.username} from your friends list.` }
  })
}
