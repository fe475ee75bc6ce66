import type { ErrorCode } from '@confab/contract/errors'
import { MemberRemoved, MemberRoleChanged, RoomDeleted } from '@confab/contract/rooms/events'
import type { AddMembers, ChooseMember } from '@confab/contract/rooms/requests'
import type { ParticipantName } from '@confab/contract/rooms/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { record } from '../../realtime/log.ts'
import { forgetRoom } from '../notifications/service.ts'
import { lockRoomForMember, type Membership, requireMember } from './access.ts'
import { checkGroupSize, makeGroup, requirePeople, requireWilling, welcome } from './groups.ts'
import {
  countMembers,
  deleteMember,
  findUsername,
  type Invited,
  listMemberIds,
  listParticipantNames,
  setRole,
} from './member-queries.ts'
import { findMembership, insertMembers } from './queries.ts'
import { endGroup, hideDirectRoom, type Opened } from './service.ts'
import { viewRoom } from './view.ts'

/** A sentence about what was done. */
type Done = { detail: string }

/** A page of the names in a room, with the name of the list that its cursors are for. */
export type ParticipantPage = Readonly<{ list: string; page: Page<ParticipantName> }>

/** @throws ChatError room_not_found, invalid_cursor */
export async function listParticipants(
  ctx: Ctx,
  roomId: number,
  query: { cursor?: string; limit?: string },
): Promise<ParticipantPage> {
  await requireMember(ctx.db, roomId, ctx.actor.id)
  const list = `participants:${roomId}`
  const request = readListRequest(list, query)
  const [after] = request.position?.key ?? []
  if (typeof after === 'string') throw new ChatError('invalid_cursor')
  const { limit, position } = request
  const isBackward = position?.backward ?? false
  return { list, page: toPage(await listParticipantNames(ctx.db, roomId, { after, isBackward, limit }), request) }
}

/** Where the people to be added stand in the request. */
const FIELD = 'users'

/**
 * Adds people to a group; those who are in it already stay as they are. From a direct room, makes a new group of the two
 * and the others, in which the two are admins.
 *
 * @throws ChatError room_not_found, only_admins_add, already_members, some_already_members, group_too_large,
 * not_to_be_added; InvalidFields
 */
export async function addMembers(ctx: Ctx, roomId: number, body: AddMembers): Promise<Opened> {
  const ids = body.users ?? []
  const room = await requireMember(ctx.db, roomId, ctx.actor.id)
  if (room.kind === 'direct') return makeGroupFromDirect(ctx, roomId, ids)
  requireAdderAdmin(room)
  const memberIds = new Set(await listMemberIds(ctx.db, roomId))
  const people = await requirePeople(ctx, { field: FIELD, ids })
  const added = people.filter((person) => !memberIds.has(person.id))
  requireWilling(added, FIELD)
  await ctx.transaction((tx) => addToGroup(tx, ctx, roomId, added))
  return { room: await viewRoom(ctx.db, ctx.core, roomId, ctx.actor.id), isNew: false }
}

function requireAdderAdmin(room: Membership): void {
  if (room.role !== 'admin') throw new ChatError('only_admins_add')
}

async function addToGroup(tx: Tx, ctx: Ctx, roomId: number, people: readonly Invited[]): Promise<void> {
  requireAdderAdmin(await lockRoomForMember(tx, roomId, ctx.actor.id))
  const added = await insertMembers(
    tx,
    roomId,
    people.map((person) => ({ userId: person.id, role: 'member' })),
  )
  if (added.length === 0) throw new ChatError('already_members')
  checkGroupSize(ctx.core, (await countMembers(tx, roomId)).members)
  await welcome(tx, ctx.core, { roomId, userIds: added, addedBy: ctx.actor.id })
}

async function makeGroupFromDirect(ctx: Ctx, roomId: number, ids: readonly number[]): Promise<Opened> {
  if (ids.length === 0) throw new ChatError('already_members')
  const pair = await listMemberIds(ctx.db, roomId)
  if (ids.some((id) => pair.includes(id))) throw new ChatError('some_already_members')
  checkGroupSize(ctx.core, new Set([...pair, ...ids]).size)
  // The other of the two is put in a group as well, and may not want that either.
  const people = await requirePeople(ctx, { field: FIELD, ids: [...ids, ...pair] })
  requireWilling(people, FIELD)
  const members = [ctx.actor.id, ...people.map((person) => person.id)].map((userId) => ({
    userId,
    role: pair.includes(userId) ? ('admin' as const) : ('member' as const),
  }))
  const name = groupName([ctx.actor, ...people], pair)
  const room = await ctx.transaction(async (tx) => {
    const id = await makeGroup(tx, ctx, { name, image: null, members })
    return viewRoom(tx, ctx.core, id, ctx.actor.id)
  })
  return { room, isNew: true }
}

/** The longest name a group may have; of more people than fit, the first are named. */
const MAX_NAME = 200

/** "Group (alice, bob, carol)": the pair first, each part by id. */
function groupName(people: readonly { id: number; username: string }[], pair: readonly number[]): string {
  const rank = (id: number) => (pair.includes(id) ? 0 : 1)
  const names = people
    .toSorted((one, other) => rank(one.id) - rank(other.id) || one.id - other.id)
    .map((person) => person.username)
  for (let count = names.length; count > 0; count--) {
    const more = count < names.length ? ', …' : ''
    const name = `Group (${names.slice(0, count).join(', ')}${more})`
    if (name.length <= MAX_NAME) return name
  }
  return 'Group'
}

/**
 * Takes somebody else out of a group.
 *
 * @throws ChatError room_not_found, not_allowed, direct_no_removal, user_id_required, cannot_remove_yourself,
 * user_missing, not_a_participant_of_room
 */
export function removeMember(ctx: Ctx, roomId: number, body: ChooseMember): Promise<Done> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    if (room.kind === 'direct') throw new ChatError('direct_no_removal')
    if (room.role !== 'admin') throw new ChatError('not_allowed')
    const userId = body.user_id ?? undefined
    if (userId === undefined) throw new ChatError('user_id_required')
    if (userId === ctx.actor.id) throw new ChatError('cannot_remove_yourself')
    if (!(await findUsername(tx, userId))) throw new ChatError('user_missing')
    if (!(await deleteMember(tx, roomId, userId))) throw new ChatError('not_a_participant_of_room')
    await tellOfDeparture(tx, { roomId, userId, removedBy: ctx.actor.id })
    return { detail: 'User removed successfully.' }
  })
}

/**
 * Makes a member an admin. Of one who is it already nobody is told again.
 *
 * @throws ChatError room_not_found, not_allowed, direct_no_admin, user_missing, not_a_participant
 */
export function assignAdmin(ctx: Ctx, roomId: number, body: ChooseMember): Promise<Done> {
  return ctx.transaction(async (tx) => {
    const chosen = await requireChosen(tx, ctx, { roomId, userId: body.user_id ?? 0, inDirect: 'direct_no_admin' })
    if (chosen.role !== 'admin') await changeRole(tx, ctx, chosen, 'admin')
    return { detail: `${chosen.username} is now an admin.` }
  })
}

/**
 * Makes an admin a member like the others, also oneself. One of the admins stays: of two who do it to each other at once,
 * the second is no admin any more.
 *
 * @throws ChatError room_not_found, not_allowed, direct_no_demotion, user_missing, not_a_participant, not_an_admin,
 * only_admin
 */
export function removeAdmin(ctx: Ctx, roomId: number, body: ChooseMember): Promise<Done> {
  return ctx.transaction(async (tx) => {
    const chosen = await requireChosen(tx, ctx, { roomId, userId: body.user_id ?? 0, inDirect: 'direct_no_demotion' })
    if (chosen.role !== 'admin') throw new ChatError('not_an_admin')
    if ((await countMembers(tx, roomId)).admins === 1) throw new ChatError('only_admin')
    await changeRole(tx, ctx, chosen, 'member')
    return { detail: `${chosen.username} is no longer an admin.` }
  })
}

/** A member whose role an admin wants to change. */
type Chosen = Readonly<{ roomId: number; userId: number; username: string; role: Membership['role'] }>

/**
 * The member whom an admin chose, in the group that is locked from here on.
 *
 * @throws ChatError room_not_found, not_allowed, user_missing, not_a_participant, and `inDirect` in a direct room
 */
async function requireChosen(
  tx: Tx,
  ctx: Ctx,
  { roomId, userId, inDirect }: { roomId: number; userId: number; inDirect: ErrorCode },
): Promise<Chosen> {
  const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
  if (room.kind === 'direct') throw new ChatError(inDirect)
  if (room.role !== 'admin') throw new ChatError('not_allowed')
  const user = await findUsername(tx, userId)
  if (!user) throw new ChatError('user_missing')
  const membership = await findMembership(tx, roomId, userId)
  if (!membership) throw new ChatError('not_a_participant')
  return { roomId, userId, username: user.username, role: membership.role }
}

async function changeRole(tx: Tx, ctx: Ctx, { roomId, userId }: Chosen, role: Membership['role']): Promise<void> {
  await setRole(tx, { roomId, userId }, role)
  const data = { room: roomId, user_id: userId, is_admin: role === 'admin', changed_by: ctx.actor.id }
  await record(tx, MemberRoleChanged, { to: roomId, data })
}

/**
 * Leaves a group; the last one out ends it. A direct room is hidden.
 *
 * @throws ChatError room_not_found, last_admin
 */
export function leaveRoom(ctx: Ctx, roomId: number): Promise<Done> {
  return ctx.transaction(async (tx) => {
    const room = await lockRoomForMember(tx, roomId, ctx.actor.id)
    if (room.kind === 'direct') await hideDirectRoom(tx, roomId, ctx.actor.id)
    else await leaveGroup(tx, ctx, room)
    return { detail: 'Successfully left the room' }
  })
}

async function leaveGroup(tx: Tx, ctx: Ctx, room: Membership): Promise<void> {
  const { members, admins } = await countMembers(tx, room.roomId)
  if (members === 1) return endGroup(tx, ctx.core, room)
  if (room.role === 'admin' && admins === 1) throw new ChatError('last_admin')
  await deleteMember(tx, room.roomId, ctx.actor.id)
  await tellOfDeparture(tx, { roomId: room.roomId, userId: ctx.actor.id, removedBy: null })
}

/** Tells a group that somebody is no longer in it, and tells them. */
async function tellOfDeparture(
  tx: Tx,
  who: { roomId: number; userId: number; removedBy: number | null },
): Promise<void> {
  const { roomId, userId, removedBy } = who
  const reason = removedBy === null ? 'left' : 'removed'
  const data = { room: roomId, user_id: userId, removed_by: removedBy, reason } as const
  await record(tx, MemberRemoved, { to: roomId, data })
  await record(tx, RoomDeleted, { to: userId, data: { room: roomId } })
  await forgetRoom(tx, roomId, [userId])
}
