import Type, { type Static } from 'typebox'
import { Id, nullable, Timestamp } from '../fields.ts'

/** What a notification can be about. */
export const notificationTypes = ['new_message', 'mention', 'room_invite', 'friend_request', 'system'] as const
export type NotificationType = (typeof notificationTypes)[number]

/** How many unread notifications are counted; a count of this many means "this many or more". */
export const MAX_UNREAD_COUNTED = 1_000

/** Something that one person is told of. It goes away with what it is about: a deleted message, a room that was left. */
export const Notification = Type.Object(
  {
    id: Id,
    sender: nullable(Type.String({ description: 'A username; null where the system speaks', examples: ['alice'] })),
    message: Type.String({
      description: 'The text of the message, empty where it is only an image; a sentence for every other type',
      examples: ['hello bob'],
    }),
    chat_name: Type.String({
      description: 'The name of the group, or the other person of a direct room; for a friend request its sender',
      examples: ['Tea party'],
    }),
    timestamp: Timestamp,
    is_read: Type.Boolean(),
    notification_type: Type.Unsafe<NotificationType>({
      type: 'string',
      enum: [...notificationTypes],
      examples: ['new_message'],
    }),
    room_id: nullable(Id),
    message_id: nullable(Id),
    message_no: nullable(Type.Integer({ description: 'The number of the message in its room', examples: [12] })),
    friend_request: Type.Unsafe<'made' | 'accepted' | null>({
      type: ['string', 'null'],
      enum: ['made', 'accepted', null],
      description: 'Of a friend request, whether it was made or accepted; null for every other type',
      examples: [null],
    }),
  },
  { title: 'Notification' },
)
export type Notification = Static<typeof Notification>
