import type { EventMap } from '../contract.gen.ts'
import { changeWindow } from '../messages/reducers.ts'
import { changeRoom } from '../rooms/list.ts'
import { type State, without } from '../state.ts'

/** Somebody deleted their account: what a room has of them is under the name that stands in their place. */
export function userDeleted(state: State, gone: EventMap['user.deleted']): State {
  const { room, user } = gone
  const withMessages = changeWindow(state, room, (window) => ({
    ...window,
    messages: window.messages.map((message) =>
      message.sender.id === user.id ? { ...message, sender: { id: user.id, username: user.username } } : message,
    ),
  }))
  const { notifications } = state
  return renameInRoom(
    {
      ...withMessages,
      presence: without(state.presence, user.id),
      notifications: { ...notifications, isStale: notifications.isStale || notifications.isLoaded },
    },
    gone,
  )
}

function renameInRoom(state: State, { room, user }: EventMap['user.deleted']): State {
  const shown = { chat_name: user.full_name ?? user.username, group_image: user.profile_pic }
  const listed = changeRoom(state, room, (entry) => {
    const last = entry.last_message
    const isTheirs = last?.sender_id === user.id
    return {
      ...entry,
      ...(entry.is_group ? {} : shown),
      last_message: isTheirs ? { ...last, sender_name: user.username } : last,
    }
  })
  const details = listed.details[room]
  if (!details) return listed
  const participants = details.participants.map((one) =>
    one.id === user.id ? { ...one, ...user, online_status: false, last_seen: null } : one,
  )
  const changed = { ...details, ...(details.is_group ? {} : shown), participants }
  return { ...listed, details: { ...listed.details, [room]: changed } }
}
