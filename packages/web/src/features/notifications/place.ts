import type { Notification } from '@confab/client'

/** Where something happened: a link within the app. What is said by the server alone leads nowhere. */
export function placeOf({ notification_type: type, room_id, message_id }: Notification) {
  if (room_id !== null) {
    const search = message_id === null ? {} : { message: message_id }
    return { to: '/rooms/$roomId', params: { roomId: room_id }, search } as const
  }
  return type === 'friend_request' ? ({ to: '/people' } as const) : ({ to: '/notifications' } as const)
}
