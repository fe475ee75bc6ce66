/** `ws/sidebar/`: what changes in somebody's list of rooms, and who of the people they know is there. */
import Type from 'typebox'
import { defineSocket, ErrorFrame, frame } from '../define-socket.ts'
import { Id, nullable, Timestamp } from '../fields.ts'
import { Room } from '../rooms/resources.ts'

const UnreadCount = Type.Integer({ minimum: 0, examples: [2] })

/** There is a room that was not in the list: it was made, or one was added to it. In the view of who gets the frame. */
export const GroupCreatedFrame = frame('group_created', 'GroupCreatedFrame', { group: Room })

/** A room has another name, picture or other members. */
export const GroupUpdatedFrame = frame('group_updated', 'GroupUpdatedFrame', { group: Room })

/** A room is gone from the list: deleted, left, or one was removed from it. */
export const GroupRemovedFrame = frame('group_removed', 'GroupRemovedFrame', { group_id: Id })

/** The newest message of a room, under the names of both clients' generations. */
export const SidebarLastMessage = Type.Object(
  {
    id: Id,
    text: Type.String({ examples: ['hello bob'] }),
    sender: Type.String({ description: 'The username of its sender', examples: ['alice'] }),
    timestamp: Timestamp,
    content: Type.String({ examples: ['hello bob'] }),
    sender_name: Type.String({ examples: ['alice'] }),
    unread_count: UnreadCount,
  },
  { title: 'SidebarLastMessage' },
)

/** A room has another newest message; null where the last one was deleted. */
export const LastMessageUpdatedFrame = frame('last_message_updated', 'LastMessageUpdatedFrame', {
  group_id: Id,
  last_message: nullable(SidebarLastMessage),
})

/** A room was read here or on another device. */
export const UnreadUpdatedFrame = frame('unread_updated', 'UnreadUpdatedFrame', {
  group_id: Id,
  unread_count: UnreadCount,
})

/** Somebody came or went. */
export const PresenceFrame = frame('presence', 'PresenceFrame', {
  user_id: Id,
  online_status: Type.Boolean(),
  last_seen: nullable(Timestamp),
})

export const sidebarSocket = defineSocket({
  name: 'sidebar',
  path: '/ws/sidebar/',
  summary: 'My list of rooms as it changes. On connecting, the last 10 seconds are told again. Takes no frames.',
  sends: [
    GroupCreatedFrame,
    GroupUpdatedFrame,
    GroupRemovedFrame,
    LastMessageUpdatedFrame,
    UnreadUpdatedFrame,
    PresenceFrame,
    ErrorFrame,
  ],
  takes: [],
})
