/** What of the model is kept on the device, in parts that are written when they change. */
import type { Message } from '../contract.gen.ts'
import type { MessageWindow, Notifications, State } from '../state.ts'

/** The shape of what is kept. Of another version nothing is restored: count it up when `State` changes its shape. */
const VERSION = 3

/** Messages of a room, and notifications, that are kept: some screens of them. */
const MAX_MESSAGES = 100
const MAX_NOTIFICATIONS = 50

/** Rooms whose messages are kept: those last looked at. */
export const MAX_ROOMS = 20

type Base = Pick<State, 'me' | 'limits' | 'rooms' | 'notifications' | 'people'>
type RoomPart = Readonly<{
  window: MessageWindow
  details: State['details'][number] | undefined
  receipts: State['receipts'][number] | undefined
}>

/** A part: everything but the messages (`base`), or the messages of a room. `savedAt` in ms since 1970. */
export type CachedPart = Readonly<{ version: number; savedAt: number }> &
  (Readonly<{ part: 'base'; value: Base }> | Readonly<{ part: `room:${number}`; room: number; value: RoomPart }>)

/** Everything but messages, as it is kept. */
export function basePart({ me, limits, rooms, notifications, people }: State): CachedPart {
  const value = { me, limits, rooms, notifications: cutNotifications(notifications), people }
  return { version: VERSION, savedAt: Date.now(), part: 'base', value }
}

/** The newest messages of a room as they are kept; undefined where the window does not reach the present. */
export function roomPart({ windows, details, receipts }: State, room: number): CachedPart | undefined {
  const window = windows[room]
  if (!window || window.newer !== null) return undefined
  const value = { window: cutWindow(window), details: details[room], receipts: receipts[room] }
  return { version: VERSION, savedAt: Date.now(), part: `room:${room}`, room, value }
}

/** Whether what is kept of everything but messages is still so. */
export function isSameBase(one: State, other: State): boolean {
  const { me, limits, rooms, notifications, people } = other
  return (
    one.me === me &&
    one.limits === limits &&
    one.rooms === rooms &&
    one.notifications === notifications &&
    one.people === people
  )
}

/** Whether what is kept of a room is still so. */
export function isSameRoom(one: State, other: State, room: number): boolean {
  return (
    one.windows[room] === other.windows[room] &&
    one.details[room] === other.details[room] &&
    one.receipts[room] === other.receipts[room]
  )
}

/** The state with what was kept in it; the same where there is nothing that this version understands. */
export function withParts(state: State, parts: readonly CachedPart[]): State {
  const known = parts.filter(({ version }) => version === VERSION)
  const base = known.find((one) => one.part === 'base')
  if (!base) return state
  let next: State = { ...state, ...base.value, isReady: true }
  for (const one of known) if (one.part !== 'base') next = withRoom(next, one.room, one.value)
  return next
}

function withRoom(state: State, room: number, { window, details, receipts }: RoomPart): State {
  return {
    ...state,
    windows: { ...state.windows, [room]: { ...window, isStale: true } },
    details: details ? { ...state.details, [room]: details } : state.details,
    receipts: receipts ? { ...state.receipts, [room]: receipts } : state.receipts,
  }
}

function cutWindow(window: MessageWindow): MessageWindow {
  if (window.messages.length <= MAX_MESSAGES) return window
  const messages: readonly Message[] = window.messages.slice(-MAX_MESSAGES)
  // No page begins within what is kept: what is before it is found from the newest on.
  return { ...window, messages, pages: [], older: '' }
}

function cutNotifications(notifications: Notifications): Notifications {
  if (notifications.items.length <= MAX_NOTIFICATIONS) return notifications
  return { ...notifications, items: notifications.items.slice(0, MAX_NOTIFICATIONS), next: '' }
}
