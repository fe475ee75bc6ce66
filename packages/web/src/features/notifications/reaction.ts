/** What a device does about something new: no more than is of use to somebody who may be looking already. */
import type { Notification } from '@confab/client'
import type { Preferences } from '../../lib/preferences.ts'

/** A window of the app that is seen, and the room that is open in it. */
export type Sight = Readonly<{ room: number | undefined }>

export type Reaction = Readonly<{ isShown: boolean; isHeard: boolean }>

const none: Reaction = { isShown: false, isHeard: false }

/**
 * Nothing for what is read, while one is not to be disturbed, and in the room that is looked at; a sound where the app is
 * seen; otherwise both, as far as they are wanted. Muted rooms make no notifications.
 */
export function reactionTo(
  { is_read, room_id }: Pick<Notification, 'is_read' | 'room_id'>,
  { seen, preferences, isQuiet }: { seen: readonly Sight[]; preferences: Wanted; isQuiet: boolean },
): Reaction {
  const isLookedAt = room_id !== null && seen.some(({ room }) => room === room_id)
  if (is_read || isQuiet || isLookedAt) return none
  return { isShown: preferences.desktopNotifications && seen.length === 0, isHeard: preferences.sounds }
}

type Wanted = Pick<Preferences, 'desktopNotifications' | 'sounds'>
