/** What the signals of notifications do to those that are here, and to the counts. */
import type { EventMap, Notification, SignalMap } from '../contract.gen.ts'
import { changeRoom } from '../rooms/list.ts'
import type { Context, Notifications, State } from '../state.ts'

/** The server counts no further. */
const MAX_COUNT = 1_000

export function notificationCreated(state: State, { notification }: SignalMap['notification.created']): State {
  const { items, unreadCount } = state.notifications
  if (items.some(({ id }) => id === notification.id)) return state
  const counted = change(state, {
    items: insert(items, notification),
    unreadCount: notification.is_read ? unreadCount : Math.min(unreadCount + 1, MAX_COUNT),
  })
  return countMention(counted, notification)
}

function countMention(state: State, notification: Notification): State {
  if (!isUnreadMention(notification) || notification.room_id === null) return state
  return changeRoom(state, notification.room_id, (entry) => ({ ...entry, mention_count: entry.mention_count + 1 }))
}

/** Those with the ids, those of a room's messages up to a number, or all. */
export function notificationRead(state: State, read: SignalMap['notification.read']): State {
  const { ids, room_id: roomId, all } = read
  const lastRead = lastIdUpTo(state, read)
  const isMeant = (one: Notification): boolean => {
    if (all) return true
    if (ids) return ids.includes(one.id)
    return one.room_id === roomId && one.message_id !== null && one.message_id <= lastRead
  }
  const wasUnread = state.notifications.items.filter((one) => !one.is_read && isMeant(one))
  const items = state.notifications.items.map((one) => (isMeant(one) ? { ...one, is_read: true } : one))
  const next = change(state, { items, unreadCount: read.unread_count, isStale: isPartial(state, read) })
  return discountMentions(next, wasUnread, all === true)
}

/**
 * The highest id that a message up to a number can have, as far as the messages that are here tell: infinite where the room
 * is read to its end. Where they do not tell it is too low rather than too high, since a count of mentions that was taken
 * down too far stays so, and one that is too high is put right when the room is read.
 */
function lastIdUpTo({ windows, rooms }: State, read: SignalMap['notification.read']): number {
  const { room_id: roomId = 0, up_to: upTo = 0 } = read
  const messages = windows[roomId]?.messages ?? []
  const last = messages.findLast(({ no }) => no <= upTo)
  const next = messages.find(({ no }) => no > upTo)
  // Between two that are here there is nothing but deleted ones.
  if (next && (last || next.no === upTo + 1)) return next.id - 1
  if (last?.no === upTo) return last.id
  const lastNo = rooms.byId[roomId]?.last_no
  return lastNo !== undefined && upTo < lastNo ? (last?.id ?? 0) : Number.POSITIVE_INFINITY
}

/**
 * Whether it is not certain which notifications are meant: they are fetched anew. With `all`, one may have come while the
 * others were being marked, and be told of before. Of a room that is so where it was not read to its end, and where a
 * notification is here before its message.
 */
function isPartial(state: State, { all, room_id: roomId, up_to: upTo }: SignalMap['notification.read']): boolean {
  if (state.notifications.isStale || all) return true
  if (roomId === undefined) return false
  const room = state.rooms.byId[roomId]
  if (room?.last_no === undefined || (upTo ?? 0) < room.last_no) return true
  const newest = room.last_message?.id ?? 0
  return state.notifications.items.some(
    (one) => one.room_id === roomId && !one.is_read && (one.message_id ?? 0) > newest,
  )
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
 * Counts the mentions again by the notifications that were fetched: signals take off what a count may not have any more.
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

export function notificationReopened(state: State, reopened: SignalMap['notification.reopened']): State {
  const { notification, unread_count: unreadCount } = reopened
  const { items } = state.notifications
  const known = items.find(({ id }) => id === notification.id)
  const next = change(state, {
    items: items.map((one) => (one === known ? { ...one, is_read: false } : one)),
    unreadCount,
  })
  return known?.is_read === false ? next : countMention(next, notification)
}

export function notificationDeleted(state: State, gone: SignalMap['notification.deleted']): State {
  const { items } = state.notifications
  const left = items.filter(({ id }) => id !== gone.id)
  const next = change(state, { items: left, unreadCount: gone.unread_count })
  return discountMentions(
    next,
    items.filter(({ id }) => id === gone.id),
  )
}

/** What a notification says of a message is looked up when it is read: it goes and changes with the message. */
export function forgetMessage(state: State, gone: EventMap['message.deleted']): State {
  return drop(state, (one) => one.message_id === gone.message_id)
}

export function retellMessage(state: State, { message }: EventMap['message.updated']): State {
  return amend(state, (one) => one.message_id === message.id && one.room_id === message.room)
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

function amend(state: State, isMeant: (one: Notification) => boolean): State {
  return state.notifications.items.some(isMeant) ? change(state, { isStale: true }) : state
}

function change(state: State, changed: Partial<Notifications>): State {
  return { ...state, notifications: withCount({ ...state.notifications, ...changed }) }
}

/** Where all notifications are here for certain they are counted; signals may pass each other, and what they count is older. */
export function withCount(notifications: Notifications): Notifications {
  const { items, isLoaded, isStale, next } = notifications
  if (!isLoaded || isStale || next !== null) return notifications
  return { ...notifications, unreadCount: Math.min(MAX_COUNT, items.filter((one) => !one.is_read).length) }
}

/** Newest first: a notification may come after one that is newer. */
function insert(items: readonly Notification[], notification: Notification): Notification[] {
  const index = items.findIndex(({ id }) => id < notification.id)
  return items.toSpliced(index === -1 ? items.length : index, 0, notification)
}
