import { MemberRemoved, MemberRoleChanged } from '@confab/contract/rooms/events'
import type { Core } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { recordAll } from '../../realtime/log.ts'
import { deleteMemberships, listPlaces, type Place, promoteOldest } from './departure-queries.ts'
import { endGroup } from './service.ts'

export { lockRoomsOf } from './departure-queries.ts'

/**
 * Takes somebody who is deleted out of all their groups: the last one out ends the group, and the only admin is followed
 * by whoever has been in it longest. Direct rooms stay as they are, for the other; where that one is deleted as well, nobody
 * is left to read it and it ends too. All of these rooms are locked already, by `lockRoomsOf`.
 *
 * @returns the rooms in which others were left: groups and direct rooms
 */
export async function leaveAllRooms(tx: Tx, core: Core, userId: number): Promise<number[]> {
  const places = await listPlaces(tx, userId)
  for (const place of places.filter(isAlone)) await endGroup(tx, core, place)
  const shared = places.filter((place) => !isAlone(place))
  const left = shared.filter((place) => place.kind === 'group')
  await handOver(tx, userId, left.filter(isOnlyAdmin))
  await deleteMemberships(
    tx,
    userId,
    left.map(({ roomId }) => roomId),
  )
  await recordAll(
    tx,
    MemberRemoved,
    left.map(({ roomId }) => ({
      to: roomId,
      data: { room: roomId, user_id: userId, removed_by: null, reason: 'left' as const },
    })),
  )
  return shared.map(({ roomId }) => roomId)
}

function isAlone(place: Place): boolean {
  return place.others === 0
}

function isOnlyAdmin(place: Place): boolean {
  return place.role === 'admin' && place.otherAdmins === 0
}

async function handOver(tx: Tx, userId: number, groups: readonly Place[]): Promise<void> {
  const heirs = await promoteOldest(
    tx,
    userId,
    groups.map(({ roomId }) => roomId),
  )
  await recordAll(
    tx,
    MemberRoleChanged,
    heirs.map((heir) => ({
      to: heir.roomId,
      data: { room: heir.roomId, user_id: heir.userId, is_admin: true, changed_by: userId },
    })),
  )
}
