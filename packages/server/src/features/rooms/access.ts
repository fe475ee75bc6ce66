import { ChatError } from '../../chat-error.ts'
import type { Db, Tx } from '../../db/open.ts'
import { findMembership, lockRoom, type Membership } from './queries.ts'

export { areMembers, type Membership } from './queries.ts'

/**
 * The room, for one of its members. To anyone else it does not exist.
 *
 * @throws ChatError room_not_found
 */
export async function requireMember(db: Db, roomId: number, userId: number): Promise<Membership> {
  const membership = await findMembership(db, roomId, userId)
  if (!membership) throw new ChatError('room_not_found')
  return membership
}

/**
 * The same as `requireMember` with the room locked until the transaction ends: every change of a room or of its members
 * begins with it, so that they happen one after the other. Where several rooms are locked, in the order of their ids.
 *
 * @throws ChatError room_not_found
 */
export async function lockRoomForMember(tx: Tx, roomId: number, userId: number): Promise<Membership> {
  await lockRoom(tx, roomId)
  // Looked up after the lock: what it waited for may have been the end of this very membership.
  return requireMember(tx, roomId, userId)
}

/**
 * The group, locked, for one of its admins. A direct room has none, so that its members are refused too.
 *
 * @throws ChatError room_not_found, not_allowed
 */
export async function requireRoomAdmin(tx: Tx, roomId: number, userId: number): Promise<Membership> {
  const membership = await lockRoomForMember(tx, roomId, userId)
  if (membership.role !== 'admin') throw new ChatError('not_allowed')
  return membership
}
