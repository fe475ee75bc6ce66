import { RoomClosed, RoomDeleted, RoomHidden, RoomMuted, RoomUpdated } from '@confab/contract/rooms/events'
import type { CreateRoom, MuteRoom, UpdateRoom } from '@confab/contract/rooms/requests'
import type { Chat, Mute, Room } from '@confab/contract/rooms/resources'
import { ChatError, invalidField } from '../../chat-error.ts'
import { afterCommit, type Core, type Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { type Page, type PageRequest, readPageRequest, toPage } from '../../http/paging.ts'
import { record, recordAll } from '../../realtime/log.ts'
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
import { type ChatKey, type ChatOrder, type ChatRow, listChatRows } from './list-queries.ts'
import { listMemberIds, mayMessage, setMutedUntil } from './member-queries.ts'
import * as queries from './queries.ts'
import { toChat, viewRoom } from './view.ts'

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
    await queries.insertMembers(
      tx,
      made,
      pair.userIds.map((userId) => ({ userId, role: 'member' })),
    )
    await tellOfRoom(tx, core, made, pair.userIds)
    return { roomId: made, isNew: true }
  }
  // Another transaction made it while this one wanted to; it has committed, or the insert would still be waiting.
  const roomId = existing ?? (await queries.lockDirectRoom(tx, key))
  if (roomId === undefined) throw new Error(`the direct room ${key} is neither there nor can it be made`)
  await tellOfRoom(tx, core, roomId, await queries.unhideRoom(tx, roomId, pair.showTo))
  return { roomId, isNew: false }
}

/** @throws ChatError room_not_found */
export function getRoom(ctx: Ctx, roomId: number): Promise<Room> {
  return viewRoom(ctx.db, ctx.core, roomId, ctx.actor.id)
}

/** What a list of chats is asked for. */
export type ListQuery = { cursor?: string; limit?: string; search?: string; ordering?: string }

/** A page of chats, with the name of the list that its cursors are for. */
export type ChatPage = Readonly<{ list: string; page: Page<ChatRow>; chats: Chat[] }>

/** More words of a search than this are not looked for. */
const MAX_WORDS = 10

/**
 * The chats of the caller, but for hidden ones.
 *
 * @throws ChatError invalid_cursor
 */
export async function listRooms(ctx: Ctx, query: ListQuery): Promise<ChatPage> {
  const order = readOrder(query.ordering)
  const list = `chatrooms:${ctx.actor.id}:${order.isDescending ? '-' : ''}${order.by}`
  const request = readPageRequest(list, query)
  const words =
    query.search
      ?.split(/[\s,]+/)
      .filter(Boolean)
      .slice(0, MAX_WORDS) ?? []
  const after = readChatKey(order, request)
  const isBackward = request.position?.backward ?? false
  const found = await listChatRows(ctx.db, ctx.actor.id, { order, words, after, isBackward, limit: request.limit })
  const page = toPage(found, request)
  return { list, page, chats: page.rows.map((row) => toChat(ctx.core, row)) }
}

function readOrder(ordering: string | undefined): ChatOrder {
  if (ordering === 'room_name') return { by: 'name', isDescending: false }
  if (ordering === '-room_name') return { by: 'name', isDescending: true }
  return { by: 'activity', isDescending: true }
}

/** After which chat a page starts. A cursor is the client's to send, so that anything may stand in it. */
function readChatKey(order: ChatOrder, { position }: PageRequest): ChatKey | undefined {
  if (!position) return undefined
  const [sortKey, id] = position.key
  const isKey = typeof sortKey === 'string' && typeof id === 'number' && position.key.length === 2
  if (!isKey || (order.by === 'activity' && !isTime(sortKey))) throw new ChatError('invalid_cursor')
  return { sortKey, id }
}

/** Whether the text is a time as this server writes them. */
function isTime(text: string): boolean {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString() === text
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
export async function endGroup(tx: Tx, core: Core, room: Membership): Promise<void> {
  const { roomId } = room
  const data = { room: roomId }
  const memberIds = await listMemberIds(tx, roomId)
  await forgetRoom(tx, roomId, memberIds)
  await queries.buryRoom(tx, roomId)
  if (room.image !== null) await core.services.media.detach(tx, room.image)
  await record(tx, RoomClosed, { to: roomId, data })
  await recordAll(
    tx,
    RoomDeleted,
    memberIds.map((userId) => ({ to: userId, data })),
  )
  afterCommit(tx, ({ services }) => services.roomCleaner.wake())
}

/** Hides a direct room that is locked; what is hidden already changes nothing and tells nobody. */
export async function hideDirectRoom(tx: Tx, roomId: number, userId: number): Promise<void> {
  if (await queries.hideRoom(tx, roomId, userId)) await record(tx, RoomHidden, { to: userId, data: { room: roomId } })
}

/** What "for ever" is stored as. */
const FOR_EVER = '9999-12-31T23:59:59.999Z'

/**
 * Silences a room for the caller.
 *
 * @throws ChatError room_not_found, InvalidFields where `until` is no time to come
 */
export function muteRoom(ctx: Ctx, roomId: number, body: MuteRoom): Promise<Mute> {
  return setMute(ctx, roomId, readUntil(body.until ?? FOR_EVER))
}

/** @throws ChatError room_not_found */
export function unmuteRoom(ctx: Ctx, roomId: number): Promise<Mute> {
  return setMute(ctx, roomId, null)
}

function setMute(ctx: Ctx, roomId: number, until: string | null): Promise<Mute> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    if (room.mutedUntil !== until) {
      await setMutedUntil(tx, roomId, ctx.actor.id, until)
      await record(tx, RoomMuted, { to: ctx.actor.id, data: { room: roomId, muted_until: until } })
    }
    return { muted_until: until }
  })
}

/** ISO 8601 with a time; without an offset it is UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

function readUntil(text: string): string {
  const match = ISO_TIME.exec(text)
  const time = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(time)) {
    throw invalidField(
      'until',
      'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
    )
  }
  if (time <= Date.now()) throw invalidField('until', 'This time has passed.')
  return new Date(time).toISOString()
}
