import { FriendRemoved, FriendRequestCancelled, UserUnblocked } from '@confab/contract/people/events'
import type { Tx } from '../../db/open.ts'
import { lockUserTopics, recordAll } from '../../realtime/log.ts'
import { deleteBlocksOf, deleteFriendshipsOf, deleteRequestsOf, listRelated } from './departure-queries.ts'

/**
 * Takes the topic of somebody who is deleted, and those of all whom they have to do with, who are going to be told of it.
 * Their rooms are locked already.
 */
export async function lockTopicsAround(tx: Tx, userId: number): Promise<void> {
  await lockUserTopics(tx, [userId, ...(await listRelated(tx, userId))])
}

/** Ends all that is between somebody and others, friendships, requests and blocks, and tells the others. */
export async function endAllRelations(tx: Tx, userId: number): Promise<void> {
  const friendIds = await deleteFriendshipsOf(tx, userId)
  const requests = await deleteRequestsOf(tx, userId)
  const blockerIds = await deleteBlocksOf(tx, userId)
  const data = { user_id: userId }
  await recordAll(
    tx,
    FriendRemoved,
    friendIds.map((friendId) => ({ to: friendId, data })),
  )
  await recordAll(
    tx,
    FriendRequestCancelled,
    requests.map(({ id, from_user_id, to_user_id }) => ({
      to: from_user_id === userId ? to_user_id : from_user_id,
      data: { request_id: id, from_user: from_user_id, to_user: to_user_id },
    })),
  )
  await recordAll(
    tx,
    UserUnblocked,
    blockerIds.map((blockerId) => ({ to: blockerId, data })),
  )
}
