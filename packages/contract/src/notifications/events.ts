import Type from 'typebox'
import { defineEvent } from '../define-event.ts'
import { Id } from '../fields.ts'
import { MAX_UNREAD_COUNTED, Notification } from './resources.ts'

/** How many of one's notifications are unread after the event, and after those of the topic before it. */
const UnreadCount = Type.Integer({ minimum: 0, maximum: MAX_UNREAD_COUNTED, examples: [3] })

/** What comes at the same time is told together, up to this many; more are several events. */
export const MAX_CREATED_AT_ONCE = 20

/**
 * Somebody is told of something. The text of a message is cut to 500 characters; the whole of it is in the REST answers.
 * When it is told again, notifications are as they are by then, and those that are gone are left out.
 */
export const NotificationCreated = defineEvent(
  'notification.created',
  { topic: 'user' },
  { notifications: Type.Array(Notification, { maxItems: MAX_CREATED_AT_ONCE }) },
)

/** Some of one's notifications are read: those with the ids, those of a room's messages up to a number, or all. */
export const NotificationRead = defineEvent(
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

/** One of one's notifications counts as unread again. When it is told again it is as it is by then, or left out. */
export const NotificationReopened = defineEvent(
  'notification.reopened',
  { topic: 'user' },
  { notifications: Type.Array(Notification, { maxItems: 1 }), unread_count: UnreadCount },
)

/** One of one's notifications was deleted, or those of a room that one is no longer in. */
export const NotificationDeleted = defineEvent(
  'notification.deleted',
  { topic: 'user' },
  { id: Type.Optional(Id), room_id: Type.Optional(Id), unread_count: UnreadCount },
)
