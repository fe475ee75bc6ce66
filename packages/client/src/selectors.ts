/** Parts of the state that views ask for. What did not change is the same object every time. */
import type { Message } from './contract.gen.ts'
import type { MessageWindow, OutboxEntry, RoomEntry, State, Typist } from './state.ts'

/** Remembers the last answer, as long as what it was made from is the same. */
function remember<Parts extends readonly unknown[], T>(make: (...parts: Parts) => T): (...parts: Parts) => T {
  let last: { parts: Parts; made: T } | undefined
  return (...parts) => {
    const isSame = last?.parts.every((part, index) => part === parts[index]) === true
    if (!last || !isSame) last = { parts, made: make(...parts) }
    return last.made
  }
}

const listRooms = remember((rooms: State['rooms']): readonly RoomEntry[] =>
  rooms.order.flatMap((id) => rooms.byId[id] ?? []),
)

/** The rooms of the list, latest activity first. */
export function selectRooms(state: State): readonly RoomEntry[] {
  return listRooms(state.rooms)
}

/** Unread messages in all rooms of the list that are not muted. */
export function selectUnreadTotal(state: State): number {
  const now = new Date().toISOString()
  return selectRooms(state).reduce((sum, room) => sum + ((room.muted_until ?? '') > now ? 0 : room.unread_count), 0)
}

const noMessages: readonly Message[] = []
const noTypists: readonly Typist[] = []

/** The messages of a room that are here, oldest first. */
export function selectMessages(state: State, room: number): readonly Message[] {
  return state.windows[room]?.messages ?? noMessages
}

/** The window of a room: whether there is more before and after. */
export function selectWindow(state: State, room: number): MessageWindow | undefined {
  return state.windows[room]
}

const outboxes = new WeakMap<readonly OutboxEntry[], Map<number, readonly OutboxEntry[]>>()

/** What waits to be sent in a room, in the order in which it was written. */
export function selectOutbox({ outbox }: State, room: number): readonly OutboxEntry[] {
  const byRoom = outboxes.get(outbox) ?? new Map<number, readonly OutboxEntry[]>()
  outboxes.set(outbox, byRoom)
  const entries = byRoom.get(room) ?? outbox.filter((entry) => entry.room === room)
  byRoom.set(room, entries)
  return entries
}

/** Who is typing in a room; oneself is not among them. */
export function selectTypists(state: State, room: number): readonly Typist[] {
  return state.typing[room] ?? noTypists
}
