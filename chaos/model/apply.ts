/** What each durable event means to what a client knows. Total: an event that is missing here does not compile. */
import type { Profile } from '@confab/contract/accounts/resources'
import type { EventMap } from '@confab/contract/events'
import type { FriendRequest } from '@confab/contract/people/resources'
import {
  type NotificationState,
  type ProfileState,
  pathOf,
  putMessage,
  type State,
  toMessageState,
  toNotificationState,
  toRoomState,
} from './state.ts'

type Reducers = { readonly [Name in keyof EventMap]: (state: State, data: EventMap[Name]) => void }

const reducers: Reducers = {
  'message.created': (state, { message }) => {
    const room = state.rooms.get(message.room)
    if (!room) return
    room.isHidden = false
    putMessage(room, message.id, toMessageState(message))
  },
  'message.updated': (state, { message }) => {
    const room = state.rooms.get(message.room)
    if (room) putMessage(room, message.id, toMessageState(message))
  },
  'message.deleted': (state, { room, message_id }) => {
    state.rooms.get(room)?.messages.delete(message_id)
    forgetNotifications(state, (one) => one.message === message_id)
  },
  'room.created': (state, { room }) => {
    const known = state.rooms.get(room.id)
    // What was hidden is shown again, with all that is known of it.
    if (known) known.isHidden = false
    else state.rooms.set(room.id, toRoomState(room))
  },
  'room.updated': (state, { room, name, image }) => {
    const known = state.rooms.get(room)
    if (!known) return
    if (name !== undefined) known.name = name
    if (image !== undefined) known.image = pathOf(image)
  },
  'room.deleted': (state, { room }) => {
    state.rooms.delete(room)
    forgetNotifications(state, (one) => one.room === room)
  },
  'room.hidden': (state, { room }) => {
    const known = state.rooms.get(room)
    if (known) known.isHidden = true
  },
  'room.muted': (state, { room, muted_until }) => {
    const known = state.rooms.get(room)
    if (known) known.mutedUntil = muted_until
  },
  'member.added': (state, { room, members }) => {
    const known = state.rooms.get(room)
    for (const member of members) known?.members.set(member.id, member.is_admin)
  },
  'member.removed': (state, { room, user_id }) => {
    if (user_id === state.myId) state.rooms.delete(room)
    else state.rooms.get(room)?.members.delete(user_id)
  },
  'member.role_changed': (state, { room, user_id, is_admin }) => {
    state.rooms.get(room)?.members.set(user_id, is_admin)
  },
  'friend_request.created': (state, { request }) => putRequest(state, request),
  'friend_request.accepted': (state, { request }) => putRequest(state, request),
  'friend_request.rejected': (state, { request }) => putRequest(state, request),
  'friend_request.cancelled': (state, { request_id }) => {
    state.requests.delete(request_id)
  },
  'friend.added': (state, { user }) => {
    state.friends.add(user.id)
  },
  'friend.removed': (state, { user_id }) => {
    state.friends.delete(user_id)
  },
  'user.updated': (state, { user }) => {
    state.profile = toProfileState(user)
  },
  'user.deleted': (state, { room, user }) => {
    const known = state.rooms.get(room)
    if (!known || known.isGroup) return
    known.name = user.full_name ?? user.username
    known.image = pathOf(user.profile_pic)
  },
  'user.blocked': (state, { user }) => {
    state.blocked.add(user.id)
  },
  'user.unblocked': (state, { user_id }) => {
    state.blocked.delete(user_id)
  },
  'notification.created': putNotifications,
  'notification.reopened': putNotifications,
  'notification.read': (state, { ids, room_id, up_to = 0, all }) => {
    for (const [id, one] of state.notifications) {
      const isOfRoom = room_id !== undefined && one.room === room_id && one.no !== null && one.no <= up_to
      if (all || isOfRoom || ids?.includes(id)) one.isRead = true
    }
  },
  'notification.deleted': (state, { id, room_id }) => {
    if (id !== undefined) state.notifications.delete(id)
    if (room_id !== undefined) forgetNotifications(state, (one) => one.room === room_id)
  },
}

/** An event with its data, of any name. */
export type AnyEvent = { [Name in keyof EventMap]: Readonly<{ type: Name; data: EventMap[Name] }> }[keyof EventMap]

/** Brings what is known up to date with an event; applying one again changes nothing. */
export function applyEvent(state: State, event: AnyEvent): void {
  reduce(state, event.type, event.data)
}

function reduce<Name extends keyof EventMap>(state: State, type: Name, data: EventMap[Name]): void {
  reducers[type](state, data)
}

function putRequest(state: State, request: FriendRequest): void {
  state.requests.set(request.id, `${request.from_user} to ${request.to_user}: ${request.status}`)
}

function putNotifications(state: State, { notifications }: EventMap['notification.created']): void {
  for (const one of notifications) state.notifications.set(one.id, toNotificationState(one))
}

/** What is about a message or a room goes with it. */
function forgetNotifications(state: State, isMeant: (one: NotificationState) => boolean): void {
  for (const [id, one] of state.notifications) if (isMeant(one)) state.notifications.delete(id)
}

export function toProfileState(profile: Profile): ProfileState {
  const { username, full_name, bio, email, profile_pic } = profile
  const settings = [
    profile.allow_direct_messages,
    profile.allow_group_adds,
    profile.email_visibility,
    profile.presence_visibility,
    profile.send_read_receipts,
  ]
  return { username, fullName: full_name, bio, email, image: pathOf(profile_pic), settings: settings.join() }
}
