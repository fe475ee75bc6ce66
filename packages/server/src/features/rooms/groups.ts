/** Making groups and telling people of rooms: what several of this feature's services do inside their transactions. */
import type { Upload } from '@confab/contract/fields'
import { MemberAdded, RoomCreated } from '@confab/contract/rooms/events'
import { ChatError, InvalidFields } from '../../chat-error.ts'
import type { Core, Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { record, recordAll } from '../../realtime/log.ts'
import { saveUpload } from '../media/upload.ts'
import { notify } from '../notifications/service.ts'
import { type Invited, listInvited } from './member-queries.ts'
import { insertGroup, insertMembers } from './queries.ts'
import { viewMembers, viewRoomsFor } from './view.ts'

/** A refusal names so many people; more of them are counted. */
const MAX_NAMED = 10

/**
 * The people that these ids stand for, the caller not among them, each once.
 *
 * @param wanted `field` is where the ids stand in the request
 * @throws InvalidFields where an id is nobody's
 */
export async function requirePeople(ctx: Ctx, wanted: { field: string; ids: readonly number[] }): Promise<Invited[]> {
  const { field, ids } = wanted
  const people = await listInvited(ctx.db, ctx.actor.id, othersOf(ctx, ids))
  const known = new Set([ctx.actor.id, ...people.map((person) => person.id)])
  const unknown = [...ids.entries()].filter(([, id]) => !known.has(id))
  if (unknown.length === 0) return people
  throw new InvalidFields({
    [field]: Object.fromEntries(unknown.map(([index, id]) => [index, [`No such user: ${id}.`]])),
  })
}

/**
 * Refuses to put people in a group who do not let the caller do it, and names them.
 *
 * @throws ChatError not_to_be_added
 */
export function requireWilling(people: readonly Invited[], field: string): void {
  const unwilling = people.filter((person) => !person.mayBeAdded).map((person) => person.username)
  if (unwilling.length > 0) throw new ChatError('not_to_be_added', { field, names: joinNames(unwilling) })
}

/** The ids without the caller's own, each once. */
export function othersOf(ctx: Ctx, ids: readonly number[]): number[] {
  return [...new Set(ids)].filter((id) => id !== ctx.actor.id)
}

function joinNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED
  return rest > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${rest} more` : names.join(', ')
}

/** Refuses a group of more members than the server allows. */
export function checkGroupSize(core: Core, members: number): void {
  const limit = core.config.maxGroupMembers
  if (members > limit) throw new ChatError('group_too_large', { limit })
}

/** Stores a group's picture; it is given its place by `attach`, in the transaction that follows. */
export async function saveGroupImage(ctx: Ctx, upload: Upload, roomId?: number): Promise<string> {
  const whose = { kind: 'group', field: 'group_image', ownerId: ctx.actor.id } as const
  const { key } = await saveUpload(ctx.core, upload, roomId === undefined ? whose : { ...whose, roomId })
  return key
}

/** What a group begins with. */
export type NewGroup = Readonly<{
  name: string
  image: string | null
  members: readonly { userId: number; role: 'admin' | 'member' }[]
}>

/** Makes a group and tells its members. @returns its id */
export async function makeGroup(tx: Tx, ctx: Ctx, group: NewGroup): Promise<number> {
  const { name, image, members } = group
  const roomId = await insertGroup(tx, { name, image })
  await insertMembers(tx, roomId, members)
  if (image !== null) await ctx.core.services.media.attach(tx, image)
  const ids = members.map((member) => member.userId)
  await tellOfRoom(tx, ctx.core, roomId, ids)
  await inviteTo(tx, { roomId, userIds: ids.filter((id) => id !== ctx.actor.id), addedBy: ctx.actor.id })
  return roomId
}

/** Tells people that they have this room now, each in their own view of it. */
export async function tellOfRoom(tx: Tx, core: Core, roomId: number, userIds: readonly number[]): Promise<void> {
  const rooms = await viewRoomsFor(tx, core, roomId, userIds)
  await recordAll(
    tx,
    RoomCreated,
    [...rooms].map(([userId, room]) => ({ to: userId, data: { room } })),
  )
}

/** Who came into a group, and by whom; null where by its link. */
type Arrival = Readonly<{ roomId: number; userIds: readonly number[]; addedBy: number | null }>

/** Tells a group of those who have just come into it, and tells them of the group. */
export async function welcome(tx: Tx, core: Core, arrival: Arrival): Promise<void> {
  const { roomId, userIds, addedBy } = arrival
  const members = await viewMembers(tx, core, roomId, userIds)
  await record(tx, MemberAdded, { to: roomId, data: { room: roomId, members, added_by: addedBy } })
  await tellOfRoom(tx, core, roomId, userIds)
  await inviteTo(tx, arrival)
}

/** Notifies people who were put in a group by somebody else. */
async function inviteTo(tx: Tx, { roomId, userIds, addedBy }: Arrival): Promise<void> {
  if (addedBy !== null) await notify(tx, { type: 'room_invite', userIds, roomId, senderId: addedBy })
}
