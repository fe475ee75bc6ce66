import type { RoomEntry } from '@confab/client'

/** What of the list is shown. */
export const roomFilters = ['all', 'unread', 'direct', 'groups'] as const
export type RoomFilter = (typeof roomFilters)[number]

/** Whether a room is silent for oneself at a time. */
export function isMuted({ muted_until }: Pick<RoomEntry, 'muted_until'>, now: Date): boolean {
  return muted_until !== null && Date.parse(muted_until) > now.getTime()
}

/**
 * The rooms that a filter shows, in their order. The room that is open stays, so that reading it does not make it vanish
 * under one's eyes.
 */
export function filterRooms(
  rooms: readonly RoomEntry[],
  filter: RoomFilter,
  openRoom: number | undefined,
): readonly RoomEntry[] {
  if (filter === 'all') return rooms
  if (filter === 'unread') return rooms.filter(({ id, unread_count }) => unread_count > 0 || id === openRoom)
  return rooms.filter(({ is_group }) => is_group === (filter === 'groups'))
}

/** The room some places after one in the list, before it where that is negative; at the ends there is none. */
export function neighbourOf(rooms: readonly RoomEntry[], id: number | undefined, by: 1 | -1): RoomEntry | undefined {
  const at = rooms.findIndex((room) => room.id === id)
  if (at === -1) return by === 1 ? rooms[0] : undefined
  return rooms[at + by]
}
