import * as endpoints from '@confab/contract/rooms/requests'
import { toEnvelope, toLinkHeader } from '../../http/paging.ts'
import { Answer, publicRoute, type RouteHost, route } from '../../http/route.ts'
import { disableShareLink, getInvitation, getShareLink, joinRoom, renewShareLink } from './link-service.ts'
import { listRooms } from './list-service.ts'
import { addMembers, assignAdmin, leaveRoom, listParticipants, removeAdmin, removeMember } from './member-service.ts'
import { muteRoom, unmuteRoom } from './mute-service.ts'
import { createRoom, deleteRoom, getRoom, type Opened, updateRoom } from './service.ts'

/** Rooms, their members and their links: `/api/chatrooms/`. */
export function roomRoutes(host: RouteHost): void {
  route(host, endpoints.listRooms, async (ctx, { query }, { url }) => {
    const { list, page, chats } = await listRooms(ctx, query)
    return toEnvelope(page, { list, url, keyOf: (row) => [row.sortKey, row.id], results: chats })
  })
  route(host, endpoints.createRoom, async (ctx, { body }) => opened(await createRoom(ctx, body)))
  route(host, endpoints.getRoom, (ctx, { params }) => getRoom(ctx, params.id))
  route(host, endpoints.updateRoom, (ctx, { params, body }) => updateRoom(ctx, params.id, body))
  route(host, endpoints.replaceRoom, (ctx, { params, body }) => updateRoom(ctx, params.id, body))
  route(host, endpoints.deleteRoom, async (ctx, { params }) => done(await deleteRoom(ctx, params.id)))
  route(host, endpoints.muteRoom, (ctx, { params, body }) => muteRoom(ctx, params.id, body))
  route(host, endpoints.unmuteRoom, async (ctx, { params }) => done(await unmuteRoom(ctx, params.id)))
  memberRoutes(host)
  linkRoutes(host)
}

function memberRoutes(host: RouteHost): void {
  route(host, endpoints.addMembers, async (ctx, { params, body }) => opened(await addMembers(ctx, params.id, body)))
  route(host, endpoints.removeMember, (ctx, { params, body }) => removeMember(ctx, params.id, body))
  route(host, endpoints.assignAdmin, (ctx, { params, body }) => assignAdmin(ctx, params.id, body))
  route(host, endpoints.removeAdmin, (ctx, { params, body }) => removeAdmin(ctx, params.id, body))
  route(host, endpoints.leaveRoom, (ctx, { params }) => leaveRoom(ctx, params.id))
  route(host, endpoints.listParticipants, async (ctx, { params, query }, { url }) => {
    const { list, page } = await listParticipants(ctx, params.id, query)
    return new Answer(200, page.rows, toLinkHeader(page, { list, url, keyOf: (row) => [row.id] }))
  })
}

function linkRoutes(host: RouteHost): void {
  route(host, endpoints.getShareLink, (ctx, { params }) => getShareLink(ctx, params.id))
  route(host, endpoints.renewShareLink, (ctx, { params }) => renewShareLink(ctx, params.id))
  route(host, endpoints.disableShareLink, async (ctx, { params }) => done(await disableShareLink(ctx, params.id)))
  publicRoute(host, endpoints.getInvitation, (core, { params }) => getInvitation(core, params.share_id))
  route(host, endpoints.joinRoom, (ctx, { params }) => joinRoom(ctx, params.share_id))
}

function opened({ room, isNew }: Opened): Answer<Opened['room']> {
  return new Answer(isNew ? 201 : 200, room)
}

/** The answer to what leaves nothing to be said. */
function done(_nothing: unknown): Answer<Record<never, never>> {
  return new Answer(204, {})
}
