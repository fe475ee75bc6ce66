/**
 * What each event and signal of the contract does to the state. Both registries are total: one without a reducer does
 * not compile. Of names that are newer than this version nothing is done.
 */
import { userUpdated } from './accounts/reducers.ts'
import type { EventMap, Ready, SignalMap } from './contract.gen.ts'
import type { EventFrame, Frame, SignalFrame } from './frames.ts'
import { messageCreated, messageDeleted, messageUpdated } from './messages/reducers.ts'
import {
  doubtNotifications,
  forgetLeftRoom,
  forgetMessage,
  forgetRoom,
  notificationCreated,
  notificationDeleted,
  notificationRead,
  notificationReopened,
  renamePeer,
  renameRoom,
  retellMessage,
} from './notifications/reducers.ts'
import { dropStored, settleSend } from './outbox/reducers.ts'
import { personChanged } from './people/changed.ts'
import { userDeleted } from './people/deleted.ts'
import {
  friendAdded,
  friendRemoved,
  requestCancelled,
  requestChanged,
  userBlocked,
  userUnblocked,
} from './people/reducers.ts'
import { presenceChanged } from './presence/reducers.ts'
import { forgetReader, receiptMoved } from './receipts/reducers.ts'
import { countMessage, discountMessage, moveReadMark, recountMessage } from './rooms/counts.ts'
import { doubtRooms, listOf } from './rooms/list.ts'
import {
  memberAdded,
  memberRemoved,
  memberRoleChanged,
  roomCreated,
  roomDeleted,
  roomHidden,
  roomMuted,
  roomUpdated,
} from './rooms/reducers.ts'
import { type Context, noPeople, noRooms, type State, toEntry, without } from './state.ts'
import { stopTypist, typingChanged } from './typing/reducers.ts'

type Reducer<Data> = (state: State, data: Data, context: Context) => State

/** Several features that follow the same event, one after the other. */
function all<Data>(...reducers: readonly Reducer<Data>[]): Reducer<Data> {
  return (state, data, context) => reducers.reduce((next, reducer) => reducer(next, data, context), state)
}

const eventReducers: { readonly [Name in keyof EventMap]: Reducer<EventMap[Name]> } = {
  'message.created': all(messageCreated, countMessage, settleSend, stopTypist),
  'message.updated': all(messageUpdated, recountMessage, retellMessage),
  'message.deleted': all(messageDeleted, discountMessage, forgetMessage),
  'room.created': roomCreated,
  'room.updated': all(roomUpdated, renameRoom),
  'room.deleted': all(roomDeleted, forgetRoom),
  'room.hidden': roomHidden,
  'room.muted': roomMuted,
  'member.added': memberAdded,
  'member.removed': all(forgetReader, memberRemoved, forgetLeftRoom),
  'member.role_changed': memberRoleChanged,
  'friend_request.created': requestChanged,
  'friend_request.accepted': requestChanged,
  'friend_request.rejected': requestChanged,
  'friend_request.cancelled': requestCancelled,
  'friend.added': friendAdded,
  'friend.removed': friendRemoved,
  'user.updated': userUpdated,
  'user.deleted': userDeleted,
  'user.blocked': userBlocked,
  'user.unblocked': userUnblocked,
  'notification.created': notificationCreated,
  'notification.read': notificationRead,
  'notification.reopened': notificationReopened,
  'notification.deleted': notificationDeleted,
}

const signalReducers: { readonly [Name in keyof SignalMap]: Reducer<SignalMap[Name]> } = {
  typing: typingChanged,
  receipt: receiptMoved,
  unread: moveReadMark,
  presence: presenceChanged,
  person: all(personChanged, renamePeer),
}

function applyEvent<Name extends keyof EventMap>(
  state: State,
  { type, data }: { type: Name; data: EventMap[Name] },
  context: Context,
): State {
  return eventReducers[type](state, data, context)
}

function applySignal<Name extends keyof SignalMap>(
  state: State,
  { type, data }: { type: Name; data: SignalMap[Name] },
  context: Context,
): State {
  return signalReducers[type](state, data, context)
}

/** The state after what the server told. */
export function applyFrame(state: State, frame: Frame, context: Context): State {
  if (frame.type === 'ready') return applyReady(state, frame)
  if (frame.type === 'resync') return applyResync(state, frame.topic)
  if (isKnownEvent(frame)) return applyEvent(state, frame, context)
  return isKnownSignal(frame) ? applySignal(state, frame, context) : state
}

function isKnownEvent(frame: EventFrame | SignalFrame): frame is EventFrame {
  return Object.hasOwn(eventReducers, frame.type)
}

function isKnownSignal(frame: EventFrame | SignalFrame): frame is SignalFrame {
  return Object.hasOwn(signalReducers, frame.type)
}

/**
 * The state at the beginning of a socket. After a resume what was missed has been applied already; what passes without a
 * trace was not told, such as a new name, and is fetched anew where it is looked at. Otherwise everything is. Counts are
 * as the server has them.
 */
function applyReady(state: State, ready: Ready): State {
  const base = ready.resumed ? state : dropStored({ ...state, windows: {}, details: {}, receipts: {}, rooms: noRooms })
  const first = new Set(ready.rooms.map(({ id }) => id))
  const others = base.rooms.order.flatMap((id) => {
    const entry = base.rooms.byId[id]
    const isLeft = entry && !first.has(id) && `room:${id}` in ready.positions && ready.rooms_next !== null
    return isLeft ? [{ ...entry, read_no: undefined }] : []
  })
  const next = others.length > 0 ? base.rooms.next : cursorIn(ready.rooms_next)
  const rooms = { ...listOf([...ready.rooms.map(toEntry), ...others], next), isStale: others.length > 0 }
  return {
    ...base,
    isReady: true,
    me: ready.me,
    limits: ready.limits,
    rooms,
    windows: stale(base.windows),
    typing: {},
    notifications: {
      ...doubtNotifications(base).notifications,
      unreadCount: ready.totals.unread_notifications,
    },
    people: ready.resumed ? base.people : { ...noPeople, isLoaded: base.people.isLoaded, isStale: true },
  }
}

function stale(windows: State['windows']): State['windows'] {
  return Object.fromEntries(Object.entries(windows).map(([id, window]) => [id, { ...window, isStale: true }]))
}

function cursorIn(link: string | null): string | null {
  return link === null ? null : new URL(link).searchParams.get('cursor')
}

/**
 * What is known of a topic may be wrong: it is forgotten, and fetched where it is looked at. With a room's messages some
 * notifications may be gone, and with a room that one is in again some may be back.
 */
function applyResync(state: State, topic: string): State {
  const doubted = doubtNotifications(doubtRooms(state))
  const [kind, id] = topic.split(':')
  if (kind === 'user') return { ...doubted, people: { ...doubted.people, isStale: true } }
  const room = Number(id)
  const forgotten = {
    ...doubted,
    windows: without(doubted.windows, room),
    details: without(doubted.details, room),
    receipts: without(doubted.receipts, room),
  }
  return dropStored(forgotten, room)
}
