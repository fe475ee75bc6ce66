import type { Notification } from '@confab/client'
import type { Text } from '../../lib/i18n/use-text.ts'
import { plainText } from '../../lib/plain-text.ts'
import { senderName } from '../../ui/sender-name.ts'

/**
 * Of what a notification is, and what it says; in the language of the app: the server's own sentences are in English.
 *
 * @param isGroup whether it is of a group; undefined where the room is not known
 */
export function describe(
  notification: Notification,
  { isGroup, text }: { isGroup: boolean | undefined; text: Text },
): { title: string; words: string } {
  const { notification_type: type, sender, message, chat_name: title } = notification
  switch (type) {
    case 'system':
      return { title: text('notifications.system'), words: message }
    case 'room_invite':
      return { title, words: text('notifications.invited', { sender: senderName(sender ?? '', text) }) }
    case 'friend_request':
      return {
        title,
        words: text(
          notification.friend_request === 'accepted' ? 'notifications.request_accepted' : 'notifications.request_made',
        ),
      }
    default: {
      const words = plainText(message) || text('notifications.image')
      if (sender === null || !(isGroup ?? sender !== title)) return { title, words }
      return { title, words: text('notifications.from', { sender: senderName(sender, text), words }) }
    }
  }
}
