/** `ws/notifications/`: what one is told of, as it happens, and marking it read. */
import Type from 'typebox'
import { defineSocket, ErrorFrame, frame } from '../define-socket.ts'
import { Id, nullable } from '../fields.ts'
import { Notification } from '../notifications/resources.ts'

/** The `content` of a notification has this many characters at the most; "..." follows where it was cut. */
export const NOTIFICATION_CONTENT_CHARS = 50

/** The list sent on connecting has this many notifications at the most, newest first. */
export const NOTIFICATION_LIST_SIZE = 20

/** A notification with its text cut short beside the whole one. */
export const SocketNotification = Type.Object(
  {
    ...Notification.properties,
    content: Type.String({
      description: `\`message\`, cut to ${NOTIFICATION_CONTENT_CHARS} characters and "..."`,
      examples: ['hello bob'],
    }),
  },
  { title: 'SocketNotification' },
)

/** The newest unread ones: on connecting if there are any, and on request. */
export const NotificationListFrame = frame('notification_list', 'NotificationListFrame', {
  notifications: Type.Array(SocketNotification, { maxItems: NOTIFICATION_LIST_SIZE }),
})

/** Something new. */
export const NewNotificationFrame = frame('new_notification', 'NewNotificationFrame', {
  notification: SocketNotification,
})

/** The answer to `mark_read`: whether there is such a notification of one's own. */
export const MarkReadResponseFrame = frame('mark_read_response', 'MarkReadResponseFrame', {
  notification_id: nullable(Type.Integer({ description: 'As it was asked for', examples: [42] })),
  success: Type.Boolean(),
})

/** The answer to `mark_all_read`: how many were unread. */
export const MarkAllReadResponseFrame = frame('mark_all_read_response', 'MarkAllReadResponseFrame', {
  count: Type.Integer({ minimum: 0, examples: [3] }),
  success: Type.Literal(true),
})

/** I have seen one. */
export const MarkRead = Type.Object({ action: Type.Literal('mark_read'), notification_id: Id }, { title: 'MarkRead' })

/** I have seen all. */
export const MarkAllRead = Type.Object({ action: Type.Literal('mark_all_read') }, { title: 'MarkAllRead' })

/** Send me the newest unread ones. */
export const GetUnread = Type.Object({ action: Type.Literal('get_unread') }, { title: 'GetUnread' })

export const notificationsSocket = defineSocket({
  name: 'notifications',
  path: '/ws/notifications/',
  summary: 'My notifications as they come; the newest unread ones on connecting.',
  sends: [NotificationListFrame, NewNotificationFrame, MarkReadResponseFrame, MarkAllReadResponseFrame, ErrorFrame],
  takes: [MarkRead, MarkAllRead, GetUnread],
})
