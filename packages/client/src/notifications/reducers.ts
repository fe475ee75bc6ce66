/**
 * What the events of notifications do to those that are here, and to the counts.
 *
 * An answer may be ahead of the events: what it shows is told of later all the same. So each event sets what it says,
 * whatever is here, and after the last of them everything is as it was left; until then a mark may be from before.
 */
import type { EventMap, Notification, SignalMap } from '../contract.gen.ts'
import { changeRoom } from '../rooms/list.ts'
import type { Context, EarlyChange, Notifications, State } from '../state.ts'

/** The server counts no further. */
const MAX_COUNT = 1_000

/** Changes of messages that are remembered: what crosses them comes soon after. */
const MAX_EARLY = 50

export function notificationCreated(state: State, { notifications }: EventMap['notification.created']): State {
  return notifications.reduce(addCreated, state)
}

/**
 * One that an answer brought before its event is not in the count yet; its text is whole, and that of the event is cut. What
 * became of its message and room meanwhile may have been told of already.
 */
function addCreated(state: State, told: Notification): State {
  const early = state.notifications.early.findLast(({ messageId }) => messageId === told.message_id)
  if (early?.isGone) return state
  const name = told.room_id === null ? undefined : state.rooms.byId[told.room_id]?.chat_name
  const added = insertCreated(state, name === undefined ? told : { ...told, chat_name: name })
  return early ? doubtNotifications(added) : added
}

function insertCreated(state: State, notification: Notification): State {
  const { items, unreadCount } = state.notifications
  const known = items.find(({ id }) => id === notification.id)
  const next = change(state, {
    items: known ? marked(items, [known], notification.is_read) : insert(items, notification),
    unreadCount: notification.is_read ? unreadCount : Math.min(unreadCount + 1, MAX_COUNT),
  })
  return moveMention(next, known, notification)
}

/** The list with some of it read, or unread. */
function marked(items: readonly Notification[], meant: readonly Notification[], isRead: boolean): Notification[] {
  const which = new Set(meant)
  return items.map((one) => (which.has(one) ? { ...one, is_read: isRead } : one))
}

/** Counts a mention that became unread, or takes off one that is not any more. */
function moveMention(state: State, before: Notification | undefined, after: Notification): State {
  const wasUnread = before !== undefined && isUnreadMention(before)
  if (isUnreadMention(after)) return wasUnread ? state : countMention(state, after)
  return wasUnread ? discountMentions(state, [before]) : state
}

function countMention(state: State, { room_id: room }: Notification): State {
  if (room === null) return state
  return changeRoom(state, room, (entry) => ({ ...entry, mention_count: entry.mention_count + 1 }))
}

/** Those with the ids, those of a room's messages up to a number, or all that were told of before. */
export function notificationRead(state: State, read: EventMap['notification.read']): State {
  const { ids, room_id: roomId, up_to: upTo = 0, all } = read
  const isMeant = (one: Notification): boolean => {
    if (all) return true
    if (ids) return ids.includes(one.id)
    return one.room_id === roomId && one.message_no !== null && one.message_no <= upTo
  }
  const { items } = state.notifications
  const wasUnread = items.filter((one) => !one.is_read && isMeant(one))
  const next = change(state, { items: marked(items, wasUnread, true), unreadCount: read.unread_count })
  return discountMentions(next, wasUnread, all === true)
}

function discountMentions(state: State, gone: readonly Notification[], isAll = false): State {
  const rooms = isAll ? state.rooms.order : gone.flatMap((one) => (isUnreadMention(one) ? (one.room_id ?? []) : []))
  return rooms.reduce(
    (next, room) =>
      changeRoom(next, room, (entry) =>
        entry.mention_count === 0
          ? entry
          : { ...entry, mention_count: isAll ? 0 : Math.max(0, entry.mention_count - 1) },
      ),
    state,
  )
}

/**
 * Counts the mentions again by the notifications that were fetched: events take off what a count may not have any more.
 * Where not all notifications are here there may be more mentions than those.
 */
export function recountMentions(state: State): State {
  const { items, next, isStale } = state.notifications
  if (isStale) return state
  const here = new Map<number | null, number>()
  for (const one of items) {
    if (isUnreadMention(one) && one.message_id !== null) here.set(one.room_id, (here.get(one.room_id) ?? 0) + 1)
  }
  return state.rooms.order.reduce((known, room) => {
    const count = here.get(room) ?? 0
    return changeRoom(known, room, (entry) => {
      const mentions = next === null ? count : Math.max(count, entry.mention_count)
      return mentions === entry.mention_count ? entry : { ...entry, mention_count: mentions }
    })
  }, state)
}

function isUnreadMention({ notification_type: type, is_read: isRead }: Notification): boolean {
  return type === 'mention' && !isRead
}

export function notificationReopened(state: State, reopened: EventMap['notification.reopened']): State {
  const { notifications, unread_count: unreadCount } = reopened
  return notifications.reduce(reopen, change(state, { unreadCount }))
}

/** One that is not here is older than those that are; where all are here an answer knew already that it is deleted. */
function reopen(state: State, notification: Notification): State {
  const { items } = state.notifications
  const known = items.find(({ id }) => id === notification.id)
  if (!known && isWhole(state.notifications)) return state
  const next = known ? change(state, { items: marked(items, [known], notification.is_read) }) : state
  return moveMention(next, known, notification)
}

export function notificationDeleted(state: State, gone: EventMap['notification.deleted']): State {
  const { items } = state.notifications
  const isGone = ({ id, room_id: room }: Notification) => id === gone.id || (room !== null && room === gone.room_id)
  const next = change(state, { items: items.filter((one) => !isGone(one)), unreadCount: gone.unread_count })
  return discountMentions(next, items.filter(isGone))
}

/** What a notification says of a message is looked up when it is read: it goes and changes with the message. */
export function forgetMessage(state: State, gone: EventMap['message.deleted']): State {
  const { message_id: id } = gone
  return drop(noteEarly(state, { messageId: id, isGone: true }), (one) => one.message_id === id)
}

export function retellMessage(state: State, { message }: EventMap['message.updated']): State {
  return amend(noteEarly(state, { messageId: message.id, isGone: false }), (one) => one.message_id === message.id)
}

function noteEarly(state: State, change: EarlyChange): State {
  const { items, early } = state.notifications
  if (items.some(({ message_id: id }) => id === change.messageId)) return state
  return { ...state, notifications: { ...state.notifications, early: [...early, change].slice(-MAX_EARLY) } }
}

/** Of a room that one is not in there are none. */
export function forgetRoom(state: State, { room }: { room: number }): State {
  return drop(state, (one) => one.room_id === room)
}

export function forgetLeftRoom(state: State, removed: EventMap['member.removed'], { me }: Context): State {
  return removed.user_id === me ? forgetRoom(state, removed) : state
}

export function renameRoom(state: State, { room }: EventMap['room.updated']): State {
  return amend(state, (one) => one.room_id === room)
}

/** What is about a direct room bears the other's name. */
export function renamePeer(state: State, { user }: SignalMap['person']): State {
  return amend(state, (one) => one.room_id !== null && state.rooms.byId[one.room_id]?.peer_id === user.id)
}

/** Those that are not here may be meant, too: the list is fetched anew. */
function drop(state: State, isMeant: (one: Notification) => boolean): State {
  const { items, unreadCount } = state.notifications
  const dropped = items.filter(isMeant)
  if (dropped.length === 0) return state
  const unread = dropped.filter((one) => !one.is_read).length
  const left = items.filter((one) => !isMeant(one))
  const next = change(state, { items: left, unreadCount: Math.max(0, unreadCount - unread), isStale: true })
  return discountMentions(next, dropped)
}

/** The state with the list marked as not certain, where there is one. */
export function doubtNotifications(state: State): State {
  return state.notifications.isLoaded ? change(state, { isStale: true }) : state
}

function amend(state: State, isMeant: (one: Notification) => boolean): State {
  return state.notifications.items.some(isMeant) ? change(state, { isStale: true }) : state
}

function change(state: State, changed: Partial<Notifications>): State {
  return { ...state, notifications: withCount({ ...state.notifications, ...changed }) }
}

/**
 * Where all notifications are here for certain they are counted. An answer may be ahead of what the events have counted,
 * and what a message took with it is told of in its room: events count it or not, as they pass each other.
 */
export function withCount(notifications: Notifications): Notifications {
  return isWhole(notifications) ? { ...notifications, unreadCount: countUnread(notifications.items) } : notifications
}

function isWhole({ isLoaded, isStale, next }: Notifications): boolean {
  return isLoaded && !isStale && next === null
}

function countUnread(items: readonly Notification[]): number {
  return Math.min(MAX_COUNT, items.filter((one) => !one.is_read).length)
}

/** Newest first: a notification may come after one that is newer. */
function insert(items: readonly Notification[], notification: Notification): Notification[] {
  const index = items.findIndex(({ id }) => id < notification.id)
  return items.toSpliced(index === -1 ? items.length : index, 0, notification)
}
