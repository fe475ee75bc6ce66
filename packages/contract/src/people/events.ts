import { defineEvent, defineSignal } from '../define-event.ts'
import { Id } from '../fields.ts'
import { BlockedUser, FriendRequest, Person } from './resources.ts'

/** Goes to both; `user` is the other one. */
const aRequest = { request: FriendRequest, user: Person }

/** Somebody asked somebody to be friends. */
export const FriendRequestCreated = defineEvent('friend_request.created', { topic: 'user' }, aRequest)

/** A request was accepted; `friend.added` follows. */
export const FriendRequestAccepted = defineEvent('friend_request.accepted', { topic: 'user' }, aRequest)

/** A request was rejected. */
export const FriendRequestRejected = defineEvent('friend_request.rejected', { topic: 'user' }, aRequest)

/** A request is gone: taken back, ended by a block, or one of the two deleted their account. Goes to both. */
export const FriendRequestCancelled = defineEvent(
  'friend_request.cancelled',
  { topic: 'user' },
  { request_id: Id, from_user: Id, to_user: Id },
)

/** Two people are friends now. Goes to both; `user` is the other one. */
export const FriendAdded = defineEvent('friend.added', { topic: 'user' }, { user: Person })

/** Two people are friends no longer. Goes to both; `user_id` is the other one. */
export const FriendRemoved = defineEvent('friend.removed', { topic: 'user' }, { user_id: Id })

/** Somebody has another name or picture. Goes to whoever watches them (`presence.watch`); others see it when they fetch. */
export const PersonChanged = defineSignal('person', { topic: 'user' }, { user: Person })

/** The person blocked somebody. Goes to their own devices only. */
export const UserBlocked = defineEvent('user.blocked', { topic: 'user' }, { user: BlockedUser })

/** The person lifted a block. Goes to their own devices only. */
export const UserUnblocked = defineEvent('user.unblocked', { topic: 'user' }, { user_id: Id })
