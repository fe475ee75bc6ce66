import { FriendRequestAccepted, FriendRequestCreated, FriendRequestRejected } from '@confab/contract/people/events'
import type { CreateFriendRequest } from '@confab/contract/people/requests'
import type { FriendRequest } from '@confab/contract/people/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { notify } from '../notifications/service.ts'
import { openDirectRoom } from '../rooms/service.ts'
import { requireAnswerable, requireCancellable, requireFriendRequest, requireRequestable } from './access.ts'
import { loadBoth, recordCancelled, recordFriends, recordRequest } from './announce.ts'
import { readNumberKey } from './names.ts'
import {
  deleteFriendRequest,
  type FriendRequestRow,
  insertFriendRequest,
  insertFriendship,
  listFriendRequestRows,
  setFriendRequestStatus,
} from './pair-queries.ts'
import { toFriendRequest } from './views.ts'

/**
 * The caller's requests, sent and received, of every status, oldest first.
 *
 * @throws ChatError invalid_cursor
 */
export async function listFriendRequests(
  ctx: Ctx,
  query: { cursor?: string; limit?: string },
): Promise<{ list: string; page: Page<FriendRequestRow>; requests: FriendRequest[] }> {
  const list = 'friend-requests'
  const request = readListRequest(list, query)
  const range = { after: readNumberKey(request, 1)?.[0] ?? 0, limit: request.limit }
  const page = toPage(await listFriendRequestRows(ctx.db, ctx.actor.id, range), request)
  return { list, page, requests: page.rows.map(toFriendRequest) }
}

/** @throws ChatError friend_request_hidden */
export async function getFriendRequest(ctx: Ctx, id: number): Promise<FriendRequest> {
  return toFriendRequest(await requireFriendRequest(ctx.db, ctx.actor, id))
}

/**
 * Asks somebody to be friends, and notifies them.
 *
 * @throws ChatError recipient_missing, request_to_oneself, already_friends, request_pending, request_pending_from_them,
 *   request_refused
 */
export function createFriendRequest(ctx: Ctx, { to_user }: CreateFriendRequest): Promise<FriendRequest> {
  const recipientId = readUserId(to_user)
  return ctx.transaction(async (tx) => {
    await requireRequestable(tx, ctx.actor, recipientId)
    const request = await insertFriendRequest(tx, ctx.actor.id, recipientId)
    const both = await loadBoth(tx, ctx.core, ctx.actor.id, recipientId)
    await recordRequest(tx, FriendRequestCreated, request, both)
    await notify(tx, { type: 'friend_request', userIds: [recipientId], senderId: ctx.actor.id })
    return toFriendRequest(request)
  })
}

/** Ids may come as numeric strings. Whatever else was given is nobody. */
function readUserId(given: unknown): number {
  const id = typeof given === 'string' && /^\s*\d{1,16}\s*$/.test(given) ? Number(given) : given
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw new ChatError('recipient_missing')
  return id
}

/**
 * Accepts a request: the two are friends, their direct room is open, and who asked is notified.
 *
 * @throws ChatError friend_request_missing, request_not_to_you, request_handled
 */
export function acceptFriendRequest(ctx: Ctx, id: number): Promise<{ detail: string }> {
  return ctx.transaction(async (tx) => {
    const { from_user_id: senderId } = await requireAnswerable(tx, ctx.actor, id)
    const request = await setFriendRequestStatus(tx, id, 'accepted')
    await insertFriendship(tx, senderId, ctx.actor.id)
    // Rooms are locked before people's positions, here as everywhere.
    const userIds: [number, number] = [senderId, ctx.actor.id]
    await openDirectRoom(tx, ctx.core, { userIds, showTo: userIds })
    const both = await loadBoth(tx, ctx.core, senderId, ctx.actor.id)
    await recordRequest(tx, FriendRequestAccepted, request, both)
    await recordFriends(tx, both)
    const [, accepter] = both
    await notify(tx, {
      type: 'friend_request',
      userIds: [senderId],
      senderId: ctx.actor.id,
      content: `${accepter.full_name ?? accepter.username} accepted your friend request.`,
    })
    return { detail: 'Friend request accepted.' }
  })
}

/**
 * Rejects a request. Who sent it may ask again.
 *
 * @throws ChatError friend_request_missing, request_not_to_you, request_handled
 */
export function rejectFriendRequest(ctx: Ctx, id: number): Promise<{ detail: string }> {
  return ctx.transaction(async (tx) => {
    const { from_user_id: senderId } = await requireAnswerable(tx, ctx.actor, id)
    const request = await setFriendRequestStatus(tx, id, 'rejected')
    const both = await loadBoth(tx, ctx.core, senderId, ctx.actor.id)
    await recordRequest(tx, FriendRequestRejected, request, both)
    return { detail: 'Friend request rejected.' }
  })
}

/**
 * Takes a pending request back: it is gone.
 *
 * @throws ChatError friend_request_missing, request_not_from_you, request_not_cancellable
 */
export function cancelFriendRequest(ctx: Ctx, id: number): Promise<{ detail: string }> {
  return ctx.transaction(async (tx) => {
    const request = await requireCancellable(tx, ctx.actor, id)
    await deleteFriendRequest(tx, id)
    await recordCancelled(tx, request)
    return { detail: 'Friend request cancelled.' }
  })
}
