/** The list of rooms as a value: put in, taken out, kept in order. */
import type { RoomEntry, Rooms, State } from '../state.ts'
import { without } from '../state.ts'

/** Whether a room belongs before another: later activity first, as the server orders. */
function isBefore(one: RoomEntry, other: RoomEntry): boolean {
  if (one.active_at !== other.active_at) return one.active_at > other.active_at
  return one.id > other.id
}

/** The list of these rooms alone. */
export function listOf(entries: readonly RoomEntry[], next: string | null): Rooms {
  const sorted = [...entries].sort((one, other) => (isBefore(one, other) ? -1 : 1))
  return {
    byId: Object.fromEntries(sorted.map((entry) => [entry.id, entry])),
    order: sorted.map((entry) => entry.id),
    next,
    isStale: false,
  }
}

/** The list with a room in its place, whether it was there or not. */
export function putRoom(rooms: Rooms, entry: RoomEntry): Rooms {
  const known = rooms.byId[entry.id]
  const byId = { ...rooms.byId, [entry.id]: entry }
  if (known?.active_at === entry.active_at) return { ...rooms, byId }
  const rest = rooms.order.filter((id) => id !== entry.id)
  const found = rest.findIndex((id) => {
    const other = byId[id]
    return other !== undefined && isBefore(entry, other)
  })
  return { ...rooms, byId, order: rest.toSpliced(found === -1 ? rest.length : found, 0, entry.id) }
}

/** The list without a room. */
export function dropRoom(rooms: Rooms, id: number): Rooms {
  if (!(id in rooms.byId)) return rooms
  return { ...rooms, byId: without(rooms.byId, id), order: rooms.order.filter((other) => other !== id) }
}

/** The state with a room of the list changed; the same where it is not in it. */
export function changeRoom(state: State, id: number, change: (entry: RoomEntry) => RoomEntry): State {
  const entry = state.rooms.byId[id]
  if (!entry) return state
  const changed = change(entry)
  return changed === entry ? state : { ...state, rooms: putRoom(state.rooms, changed) }
}

/** The state with the list marked as not certain. */
export function doubtRooms(state: State): State {
  return state.rooms.isStale ? state : { ...state, rooms: { ...state.rooms, isStale: true } }
}
