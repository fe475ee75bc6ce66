import Type, { type Static } from 'typebox'
import { Profile, Session } from '../accounts/resources.ts'
import { Id, ImageUrl, imageSize, nullable, Timestamp } from '../fields.ts'
import { Notification } from '../notifications/resources.ts'
import { BlockedUser, Friend, FriendRequest } from '../people/resources.ts'

/** A message as its sender wrote it. */
export const ExportedMessage = Type.Object(
  {
    id: Id,
    room: Id,
    content: Type.String({ examples: ['hello bob'] }),
    timestamp: Timestamp,
    edited_at: nullable(Timestamp),
    image: ImageUrl,
    ...imageSize,
  },
  { title: 'ExportedMessage' },
)
export type ExportedMessage = Static<typeof ExportedMessage>

/** A room, and what is kept of the person in it. */
export const ExportedRoom = Type.Object(
  {
    id: Id,
    is_group: Type.Boolean(),
    chat_name: Type.String({ examples: ['Tea party'] }),
    is_admin: Type.Boolean(),
    joined_at: Timestamp,
    read_no: Type.Integer({ minimum: 0, description: 'The number of the message up to which they have read' }),
    muted_until: nullable(Timestamp),
  },
  { title: 'ExportedRoom' },
)
export type ExportedRoom = Static<typeof ExportedRoom>

/** The lists of an export, each with what one of its items is; in this order. */
export const exportedLists = {
  sessions: Session,
  friends: Friend,
  friend_requests: FriendRequest,
  blocks: BlockedUser,
  rooms: ExportedRoom,
  messages: ExportedMessage,
  notifications: Notification,
} as const

/** Everything that is kept of a person, as they see it themselves. */
export const DataExport = Type.Object(
  {
    exported_at: Timestamp,
    profile: Profile,
    sessions: Type.Array(exportedLists.sessions),
    friends: Type.Array(exportedLists.friends),
    friend_requests: Type.Array(exportedLists.friend_requests),
    blocks: Type.Array(exportedLists.blocks),
    rooms: Type.Array(exportedLists.rooms),
    messages: Type.Array(exportedLists.messages, {
      description: 'Their own, in the rooms they are in, by room and age',
    }),
    notifications: Type.Array(exportedLists.notifications),
  },
  { title: 'DataExport' },
)
export type DataExport = Static<typeof DataExport>
