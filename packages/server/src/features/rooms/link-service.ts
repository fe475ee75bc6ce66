import { randomUUID } from 'node:crypto'
import type { Invitation, Room, ShareLink } from '@confab/contract/rooms/resources'
import { ChatError } from '../../chat-error.ts'
import type { Core, Ctx } from '../../ctx.ts'
import { lockRoomForMember, type Membership, requireMember } from './access.ts'
import { checkGroupSize, welcome } from './groups.ts'
import { countMembers } from './member-queries.ts'
import { findMembership, insertMembers, lockRoomByShareId, setShareId } from './queries.ts'
import { viewInvitation, viewRoom } from './view.ts'

/**
 * The link by which anyone may join a group.
 *
 * @throws ChatError room_not_found, direct_no_link, link_not_found while it is disabled
 */
export async function getShareLink(ctx: Ctx, roomId: number): Promise<ShareLink> {
  const room = await requireMember(ctx.db, roomId, ctx.actor.id)
  if (room.kind === 'direct') throw new ChatError('direct_no_link')
  if (room.shareId === null) throw new ChatError('link_not_found')
  return toLink(ctx, room.shareId)
}

/**
 * Makes a new link; the old one is void.
 *
 * @throws ChatError room_not_found, direct_no_link, not_allowed
 */
export async function renewShareLink(ctx: Ctx, roomId: number): Promise<ShareLink> {
  const shareId = randomUUID()
  await changeLink(ctx, roomId, shareId)
  return toLink(ctx, shareId)
}

/**
 * Makes the link void without a new one.
 *
 * @throws ChatError room_not_found, direct_no_link, not_allowed
 */
export function disableShareLink(ctx: Ctx, roomId: number): Promise<void> {
  return changeLink(ctx, roomId, null)
}

function changeLink(ctx: Ctx, roomId: number, shareId: string | null): Promise<void> {
  return ctx.transaction(async (tx) => {
    requireLinkAdmin(await lockRoomForMember(tx, roomId, ctx.actor.id))
    await setShareId(tx, roomId, shareId)
  })
}

function requireLinkAdmin(room: Membership): void {
  if (room.kind === 'direct') throw new ChatError('direct_no_link')
  if (room.role !== 'admin') throw new ChatError('not_allowed')
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * What somebody sees of a group who has its link, logged in or not. The link is the permission: it cannot be guessed.
 *
 * @throws ChatError link_not_found
 */
export async function getInvitation(core: Core, shareId: string): Promise<Invitation> {
  const invitation = UUID.test(shareId) ? await viewInvitation(core, shareId) : undefined
  if (!invitation) throw new ChatError('link_not_found')
  return invitation
}

/**
 * Joins a group by its link; for one of its members nothing changes.
 *
 * @throws ChatError link_not_found, group_too_large
 */
export function joinRoom(ctx: Ctx, shareId: string): Promise<Room> {
  return ctx.transaction(async (tx) => {
    const roomId = UUID.test(shareId) ? await lockRoomByShareId(tx, shareId) : undefined
    if (roomId === undefined) throw new ChatError('link_not_found')
    if (!(await findMembership(tx, roomId, ctx.actor.id))) {
      const { members } = await countMembers(tx, roomId)
      checkGroupSize(ctx.core, members + 1)
      await insertMembers(tx, roomId, [{ userId: ctx.actor.id, role: 'member' }])
      await welcome(tx, ctx.core, { roomId, userIds: [ctx.actor.id], addedBy: null })
    }
    return viewRoom(tx, ctx.core, roomId, ctx.actor.id)
  })
}

function toLink(ctx: Ctx, shareId: string): ShareLink {
  return { room_id: shareId, url: `${ctx.baseUrl}/join/${shareId}` }
}
