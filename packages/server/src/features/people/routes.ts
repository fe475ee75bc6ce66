import * as endpoints from '@confab/contract/people/requests'
import { toLinkHeader } from '../../http/paging.ts'
import { Answer, type RouteHost, route } from '../../http/route.ts'
import { blockUser, listBlocks, unblockUser } from './blocks-service.ts'
import {
  acceptFriendRequest,
  cancelFriendRequest,
  createFriendRequest,
  getFriendRequest,
  listFriendRequests,
  rejectFriendRequest,
} from './friend-requests-service.ts'
import { getFriend, listFriends, removeFriend } from './friends-service.ts'
import { getUser, listUsers } from './users-service.ts'

/** People: `/api/users/`, `/api/friend-requests/`, `/api/friends/` and `/api/blocks/`. */
export function peopleRoutes(host: RouteHost): void {
  userRoutes(host)
  friendRequestRoutes(host)
  friendRoutes(host)
  blockRoutes(host)
}

function userRoutes(host: RouteHost): void {
  route(host, endpoints.listUsers, async (ctx, { query }, { url }) => {
    const { list, page, users } = await listUsers(ctx, query)
    return new Answer(200, users, toLinkHeader(page, { list, url, keyOf: nameKey }))
  })
  route(host, endpoints.getUser, (ctx, { params }) => getUser(ctx, params.id))
}

function friendRequestRoutes(host: RouteHost): void {
  route(host, endpoints.listFriendRequests, async (ctx, { query }, { url }) => {
    const { list, page, requests } = await listFriendRequests(ctx, query)
    return new Answer(200, requests, toLinkHeader(page, { list, url, keyOf: (row) => [row.id] }))
  })
  route(host, endpoints.createFriendRequest, (ctx, { body }) => createFriendRequest(ctx, body))
  route(host, endpoints.getFriendRequest, (ctx, { params }) => getFriendRequest(ctx, params.id))
  route(host, endpoints.acceptFriendRequest, (ctx, { params }) => acceptFriendRequest(ctx, params.id))
  route(host, endpoints.rejectFriendRequest, (ctx, { params }) => rejectFriendRequest(ctx, params.id))
  route(host, endpoints.cancelFriendRequest, (ctx, { params }) => cancelFriendRequest(ctx, params.id))
}

function friendRoutes(host: RouteHost): void {
  for (const endpoint of [endpoints.listFriends, endpoints.listFriendsByOldPath]) {
    route(host, endpoint, async (ctx, { query }, { url }) => {
      const { list, page, friends } = await listFriends(ctx, query)
      return new Answer(200, friends, toLinkHeader(page, { list, url, keyOf: nameKey }))
    })
  }
  route(host, endpoints.getFriend, (ctx, { params }) => getFriend(ctx, params.id))
  for (const endpoint of [endpoints.removeFriend, endpoints.removeFriendByOldPath]) {
    route(host, endpoint, (ctx, { params }) => removeFriend(ctx, params.id))
  }
}

function blockRoutes(host: RouteHost): void {
  route(host, endpoints.listBlocks, async (ctx, { query }, { url }) => {
    const { list, page, blocked } = await listBlocks(ctx, query)
    return new Answer(200, blocked, toLinkHeader(page, { list, url, keyOf: (row) => [row.blocked_ms, row.id] }))
  })
  route(host, endpoints.blockUser, async (ctx, { params }) => {
    const { blocked, isNew } = await blockUser(ctx, params.id)
    return new Answer(isNew ? 201 : 200, blocked)
  })
  route(host, endpoints.unblockUser, async (ctx, { params }) => {
    await unblockUser(ctx, params.id)
    return new Answer(204, {})
  })
}

function nameKey(row: { sort_key: string; id: number }): [string, number] {
  return [row.sort_key, row.id]
}
