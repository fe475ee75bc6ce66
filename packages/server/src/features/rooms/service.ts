import { RoomClosed, RoomDeleted, RoomHidden, RoomUpdated } from '@confab/contract/rooms/events'
import type { CreateRoom, UpdateRoom } from '@confab/contract/rooms/requests'
import type { Room } from '@confab/contract/rooms/resources'
import { ChatError } from '../../chat-error.ts'
import { afterCommit, type Core, type Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { lockUserTopics, record, recordAll } from '../../realtime/log.ts'
import { forgetRoom } from '../notifications/service.ts'
import { lockRoomForMember, type Membership, requireMember } from './access.ts'
import {
  checkGroupSize,
  makeGroup,
  othersOf,
  requirePeople,
  requireWilling,
  saveGroupImage,
  tellOfRoom,
} from './groups.ts'
import { listMemberIds, mayMessage } from './member-queries.ts'
import * as queries from './queries.ts'
import { viewRoom } from './view.ts'

export { viewRoom, viewRoomsFor } from './view.ts'

/** Where the people of a new room stand in the request. */
const FIELD = 'participant_ids'

/** A room, and whether this very call made it. */
export type Opened = Readonly<{ room: Room; isNew: boolean }>

/**
 * Makes a group with its creator as admin; or, with exactly one other person and no name, opens the direct room of the
 * two.
 *
 * @throws ChatError group_only_you, group_name_required, group_too_large, not_to_be_added, cannot_message, those of
 * images; InvalidFields
 */
export async function createRoom(ctx: Ctx, body: CreateRoom): Promise<Opened> {
  const name = body.room_name ?? ''
  const [first, ...rest] = othersOf(ctx, body.participant_ids)
  if (first === undefined) throw new ChatError('group_only_you')
  if (name === '' && rest.length > 0) throw new ChatError('group_name_required')
  checkGroupSize(ctx.core, rest.length + 2)
  return name === '' ? createDirectRoom(ctx, body.participant_ids, first) : createGroup(ctx, body, name)
}

async function createGroup(ctx: Ctx, body: CreateRoom, name: string): Promise<Opened> {
  const invited = await requirePeople(ctx, { field: FIELD, ids: body.participant_ids })
  requireWilling(invited, FIELD)
  const image = body.group_image ? await saveGroupImage(ctx, body.group_image) : null
  const room = await ctx.transaction(async (tx) => {
    const members = invited.map((person) => ({ userId: person.id, role: 'member' as const }))
    const id = await makeGroup(tx, ctx, { name, image, members: [{ userId: ctx.actor.id, role: 'admin' }, ...members] })
    return viewRoom(tx, ctx.core, id, ctx.actor.id)
  })
  return { room, isNew: true }
}

async function createDirectRoom(ctx: Ctx, ids: readonly number[], otherId: number): Promise<Opened> {
  await requirePeople(ctx, { field: FIELD, ids })
  if (!(await mayMessage(ctx.db, ctx.actor.id, otherId))) throw new ChatError('cannot_message')
  return ctx.transaction(async (tx) => {
    const { roomId, isNew } = await openDirectRoom(tx, ctx.core, {
      userIds: [ctx.actor.id, otherId],
      showTo: [ctx.actor.id],
    })
    return { room: await viewRoom(tx, ctx.core, roomId, ctx.actor.id), isNew }
  })
}

/** Whose direct room, and which of the two want to see it (again) in their lists. */
export type DirectPair = Readonly<{ userIds: readonly [number, number]; showTo: readonly number[] }>

/**
 * Opens the direct room of two people: makes it, or shows it again to those who had hidden it. There is one for each
 * pair, however many ask at once. Whether they may is for the caller to have checked.
 */
export async function openDirectRoom(
  tx: Tx,
  core: Core,
  pair: DirectPair,
): Promise<{ roomId: number; isNew: boolean }> {
  const [low, high] = pair.userIds.toSorted((one, other) => one - other)
  const key = `${low}:${high}`
  const existing = await queries.lockDirectRoom(tx, key)
  const made = existing === undefined ? await queries.insertDirectRoom(tx, key) : undefined
  if (made !== undefined) {
    const members = pair.userIds.map((userId) => ({ userId, role: 'member' as const }))
    const inserted = await queries.insertMembers(tx, made, members)
    // One of the two was deleted since it was asked whether they may.
    if (inserted.length < members.length) throw new ChatError('cannot_message')
    await tellOfRoom(tx, core, made, pair.userIds)
    return { roomId: made, isNew: true }
  }
  // Another transaction made it while this one wanted to; it has committed, or the insert would still be waiting.
  const roomId = existing ?? (await queries.lockDirectRoom(tx, key))
  if (roomId === undefined) throw new Error(`the direct room ${key} is neither there nor can it be made`)
  const shown = await queries.unhideRoom(tx, roomId, pair.showTo)
  // Both, since who opens it may have something to tell the other one as well.
  if (shown.length > 0) await lockUserTopics(tx, pair.userIds)
  await tellOfRoom(tx, core, roomId, shown)
  return { roomId, isNew: false }
}

/**
 * One of the caller's rooms.
 *
 * @throws ChatError room_not_found
 */
export function getRoom(ctx: Ctx, roomId: number): Promise<Room> {
  return viewRoom(ctx.db, ctx.core, roomId, ctx.actor.id)
}

/**
 * Renames a group or changes its picture. What it has already changes nothing and tells nobody.
 *
 * @throws ChatError room_not_found, not_allowed, direct_unchangeable, those of images
 */
export async function updateRoom(ctx: Ctx, roomId: number, change: UpdateRoom): Promise<Room> {
  requireChangeable(await requireMember(ctx.db, roomId, ctx.actor.id))
  const image = change.group_image ? await saveGroupImage(ctx, change.group_image, roomId) : change.group_image
  return ctx.transaction(async (tx) => {
    const before = await lockRoomForMember(tx, roomId, ctx.actor.id)
    requireChangeable(before)
    await applyChange(tx, ctx.core, before, {
      ...(change.room_name === undefined || change.room_name === before.name ? {} : { name: change.room_name }),
      ...(image === undefined || image === before.image ? {} : { image }),
    })
    return viewRoom(tx, ctx.core, roomId, ctx.actor.id)
  })
}

function requireChangeable(room: Membership): void {
  if (room.kind === 'direct') throw new ChatError('direct_unchangeable')
  if (room.role !== 'admin') throw new ChatError('not_allowed')
}

async function applyChange(
  tx: Tx,
  core: Core,
  before: Membership,
  change: { name?: string; image?: string | null },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  const { media } = core.services
  await queries.setRoom(tx, before.roomId, change)
  if (change.image) await media.attach(tx, change.image)
  if (change.image !== undefined && before.image !== null) await media.detach(tx, before.image)
  await record(tx, RoomUpdated, {
    to: before.roomId,
    data: {
      room: before.roomId,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.image === undefined ? {} : { image: change.image && media.imageUrl('group', change.image, '') }),
    },
  })
}

/**
 * Deletes a group for all, or hides a direct room from the caller until its next message.
 *
 * @throws ChatError room_not_found, not_allowed
 */
export function deleteRoom(ctx: Ctx, roomId: number): Promise<void> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    if (room.kind === 'direct') return hideDirectRoom(tx, roomId, ctx.actor.id)
    if (room.role !== 'admin') throw new ChatError('not_allowed')
    await endGroup(tx, ctx.core, room)
  })
}

/** Ends a group that is locked: tells the room and each member, and leaves what was said to the cleaning. */
export async function endGroup(tx: Tx, core: Core, room: Pick<Membership, 'roomId' | 'image'>): Promise<void> {
  const { roomId } = room
  const data = { room: roomId }
  const memberIds = await listMemberIds(tx, roomId)
  await queries.buryRoom(tx, roomId)
  if (room.image !== null) await core.services.media.detach(tx, room.image)
  await record(tx, RoomClosed, { to: roomId, data })
  await recordAll(
    tx,
    RoomDeleted,
    memberIds.map((userId) => ({ to: userId, data })),
  )
  await forgetRoom(tx, roomId, memberIds)
  afterCommit(tx, ({ services }) => services.roomCleaner.wake())
}

/** Hides a direct room that is locked; what is hidden already changes nothing and tells nobody. */
export async function hideDirectRoom(tx: Tx, roomId: number, userId: number): Promise<void> {
  if (await queries.hideRoom(tx, roomId, userId)) await record(tx, RoomHidden, { to: userId, data: { room: roomId } })
}
