import { ChatError } from '../../chat-error.ts'
import type { Actor } from '../../ctx.ts'
import type { Db, Tx } from '../../db/open.ts'
import { type FriendRequestRow, findFriendRequestRow, findPair, lockPair } from './pair-queries.ts'

/**
 * That the actor may ask the other person to be friends. The pair is locked from here on.
 *
 * @throws ChatError recipient_missing, request_to_oneself, already_friends, request_pending, request_pending_from_them,
 *   request_refused where either blocked the other; who did it is not said
 */
export async function requireRequestable(tx: Tx, actor: Actor, otherId: number): Promise<void> {
  if (otherId === actor.id) throw new ChatError('request_to_oneself')
  await lockPair(tx, actor.id, otherId)
  const pair = await findPair(tx, actor.id, otherId)
  if (!pair) throw new ChatError('recipient_missing')
  if (pair.is_friend) throw new ChatError('already_friends')
  if (pair.asked_by === actor.id) throw new ChatError('request_pending')
  if (pair.asked_by !== null) throw new ChatError('request_pending_from_them')
  if (pair.is_blocked) throw new ChatError('request_refused')
}

/**
 * A friend request of the actor's, sent or received. To others it does not exist.
 *
 * @throws ChatError friend_request_hidden
 */
export async function requireFriendRequest(db: Db, actor: Actor, id: number): Promise<FriendRequestRow> {
  const request = await findFriendRequestRow(db, id)
  if (!request || !isParty(actor, request)) throw new ChatError('friend_request_hidden')
  return request
}

/**
 * A pending request that the actor received and may answer. The pair is locked from here on.
 *
 * @throws ChatError friend_request_missing, request_not_to_you, request_handled
 */
export async function requireAnswerable(tx: Tx, actor: Actor, id: number): Promise<FriendRequestRow> {
  const request = await lockRequest(tx, actor, id)
  if (request.to_user_id !== actor.id) throw new ChatError('request_not_to_you')
  if (request.status !== 'pending') throw new ChatError('request_handled', { status: request.status })
  return request
}

/**
 * A pending request that the actor sent and may take back. The pair is locked from here on.
 *
 * @throws ChatError friend_request_missing, request_not_from_you, request_not_cancellable
 */
export async function requireCancellable(tx: Tx, actor: Actor, id: number): Promise<FriendRequestRow> {
  const request = await lockRequest(tx, actor, id)
  if (request.from_user_id !== actor.id) throw new ChatError('request_not_from_you')
  if (request.status !== 'pending') throw new ChatError('request_not_cancellable', { status: request.status })
  return request
}

/** Whose pair to lock is known from the request only; what happened while waiting shows when it is read again. */
async function lockRequest(tx: Tx, actor: Actor, id: number): Promise<FriendRequestRow> {
  const found = await findFriendRequestRow(tx, id)
  if (!found || !isParty(actor, found)) throw new ChatError('friend_request_missing')
  await lockPair(tx, found.from_user_id, found.to_user_id)
  const request = await findFriendRequestRow(tx, id)
  if (!request) throw new ChatError('friend_request_missing')
  return request
}

function isParty(actor: Actor, request: FriendRequestRow): boolean {
  return request.from_user_id === actor.id || request.to_user_id === actor.id
}
