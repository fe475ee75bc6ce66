import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { detailOf, Id, Nothing } from '../fields.ts'
import { listQuery, orderingQuery, searchQuery } from '../paging.ts'
import { BlockedUser, Friend, FriendRequest, User } from './resources.ts'

const OneOf = Type.Object({ id: Id })

/** Cursors of lists that are ordered by a name hold it: up to 150 characters of up to four bytes. */
const nameListQuery = { ...listQuery, cursor: Type.Optional(Type.String({ maxLength: 1_500 })) }

const users = { tag: 'people', access: 'user' } as const

export const listUsers = defineEndpoint({
  ...users,
  operationId: 'listUsers',
  method: 'GET',
  path: '/api/users/',
  summary:
    'Everyone but those who blocked the caller; `?search=` in usernames and names, `?ordering=username`, `first_name` or `last_name`.',
  rate: 'search',
  query: Type.Object({ ...nameListQuery, ...searchQuery, ...orderingQuery }),
  responses: { 200: Type.Array(User) },
})

export const getUser = defineEndpoint({
  ...users,
  operationId: 'getUser',
  method: 'GET',
  path: '/api/users/:id/',
  summary: 'One person.',
  rate: 'read',
  params: OneOf,
  responses: { 200: User },
})

export const blockUser = defineEndpoint({
  ...users,
  operationId: 'blockUser',
  method: 'POST',
  path: '/api/users/:id/block/',
  summary:
    'Blocks somebody: no friend requests and direct messages either way, no presence. Ends friendship and pending requests. 201 the first time, 200 after.',
  rate: 'write',
  params: OneOf,
  responses: { 201: BlockedUser, 200: BlockedUser },
})

export const unblockUser = defineEndpoint({
  ...users,
  operationId: 'unblockUser',
  method: 'DELETE',
  path: '/api/users/:id/block/',
  summary: 'Lifts a block, if there is one. What the block ended does not come back.',
  rate: 'write',
  params: OneOf,
  responses: { 204: Nothing },
})

export const listBlocks = defineEndpoint({
  ...users,
  operationId: 'listBlocks',
  method: 'GET',
  path: '/api/blocks/',
  summary: 'Whom the caller has blocked, latest first.',
  rate: 'read',
  query: Type.Object(listQuery),
  responses: { 200: Type.Array(BlockedUser) },
})

/**
 * To whom the request goes. Whatever is not the id of somebody is nobody: 404, as in the original, and not 400. A number
 * rather than an integer, because the body parser leaves numbers as they came, for the service to judge.
 */
const Recipient = Type.Unsafe<unknown>({
  type: ['number', 'null'],
  multipleOf: 1,
  description: 'The id of the person asked',
  examples: [42],
})

export const CreateFriendRequest = Type.Object({ to_user: Type.Optional(Recipient) })
export type CreateFriendRequest = Static<typeof CreateFriendRequest>

export const listFriendRequests = defineEndpoint({
  ...users,
  operationId: 'listFriendRequests',
  method: 'GET',
  path: '/api/friend-requests/',
  summary: 'The caller’s friend requests, sent and received, of every status, oldest first.',
  rate: 'read',
  query: Type.Object(listQuery),
  responses: { 200: Type.Array(FriendRequest) },
})

export const createFriendRequest = defineEndpoint({
  ...users,
  operationId: 'createFriendRequest',
  method: 'POST',
  path: '/api/friend-requests/',
  summary: 'Asks somebody to be friends.',
  rate: 'write',
  body: CreateFriendRequest,
  responses: { 201: FriendRequest },
})

const oneRequest = { tag: 'people', access: 'owner', params: OneOf } as const

export const getFriendRequest = defineEndpoint({
  ...oneRequest,
  operationId: 'getFriendRequest',
  method: 'GET',
  path: '/api/friend-requests/:id/',
  summary: 'One friend request, sent or received.',
  rate: 'read',
  responses: { 200: FriendRequest },
})

export const acceptFriendRequest = defineEndpoint({
  ...oneRequest,
  operationId: 'acceptFriendRequest',
  method: 'POST',
  path: '/api/friend-requests/:id/accept/',
  summary: 'Accepts a request received: the two are friends, and their direct room is open.',
  rate: 'write',
  responses: { 200: detailOf('Friend request accepted.') },
})

export const rejectFriendRequest = defineEndpoint({
  ...oneRequest,
  operationId: 'rejectFriendRequest',
  method: 'POST',
  path: '/api/friend-requests/:id/reject/',
  summary: 'Rejects a request received. The sender may ask again.',
  rate: 'write',
  responses: { 200: detailOf('Friend request rejected.') },
})

export const cancelFriendRequest = defineEndpoint({
  ...oneRequest,
  operationId: 'cancelFriendRequest',
  method: 'POST',
  path: '/api/friend-requests/:id/cancel/',
  summary: 'Takes back a request sent, while it is pending.',
  rate: 'write',
  responses: { 200: detailOf('Friend request cancelled.') },
})

const friendList = {
  ...users,
  method: 'GET',
  rate: 'read',
  query: Type.Object({ ...nameListQuery, ...searchQuery }),
  responses: { 200: Type.Array(Friend) },
} as const

export const listFriends = defineEndpoint({
  ...friendList,
  operationId: 'listFriends',
  path: '/api/friends/',
  summary: 'The caller’s friends by username; `?search=` in usernames and names.',
})

export const listFriendsByOldPath = defineEndpoint({
  ...friendList,
  operationId: 'listFriendsByOldPath',
  path: '/api/friends/list_friends/',
  summary: 'The same as `GET /api/friends/`.',
})

export const getFriend = defineEndpoint({
  ...users,
  operationId: 'getFriend',
  method: 'GET',
  path: '/api/friends/:id/',
  summary: 'One friend.',
  rate: 'read',
  params: OneOf,
  responses: { 200: Friend },
})

export const removeFriend = defineEndpoint({
  ...users,
  operationId: 'removeFriend',
  method: 'DELETE',
  path: '/api/friends/:id/',
  summary: 'Ends a friendship. The direct room stays.',
  rate: 'write',
  params: OneOf,
  responses: { 200: detailOf('Successfully removed bob from your friends list.') },
})

export const removeFriendByOldPath = defineEndpoint({
  ...users,
  operationId: 'removeFriendByOldPath',
  method: 'POST',
  path: '/api/friends/:id/remove_friend/',
  summary: 'The same as `DELETE /api/friends/{id}/`.',
  rate: 'write',
  params: OneOf,
  responses: { 200: detailOf('Successfully removed bob from your friends list.') },
})
