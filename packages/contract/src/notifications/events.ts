import Type from 'typebox'
import { defineSignal } from '../define-event.ts'
import { Id } from '../fields.ts'
import { MAX_UNREAD_COUNTED, Notification } from './resources.ts'

/** How many of one's notifications are unread now. */
const UnreadCount = Type.Integer({ minimum: 0, maximum: MAX_UNREAD_COUNTED, examples: [3] })

/** Somebody is told of something. The text of a message is cut to 500 characters; the whole of it is in the REST answers. */
export const NotificationCreated = defineSignal(
  'notification.created',
  { topic: 'user' },
  { notification: Notification },
)

/** Some of one's notifications are read: those with the ids, those of a room's messages up to a number, or all. */
export const NotificationRead = defineSignal(
  'notification.read',
  { topic: 'user' },
  {
    ids: Type.Optional(Type.Array(Id)),
    room_id: Type.Optional(Id),
    up_to: Type.Optional(Type.Integer({ minimum: 0 })),
    all: Type.Optional(Type.Boolean()),
    unread_count: UnreadCount,
  },
)

/** One of one's notifications counts as unread again. */
export const NotificationReopened = defineSignal(
  'notification.reopened',
  { topic: 'user' },
  { notification: Notification, unread_count: UnreadCount },
)

/** One of one's notifications was deleted. */
export const NotificationDeleted = defineSignal(
  'notification.deleted',
  { topic: 'user' },
  { id: Id, unread_count: UnreadCount },
)
