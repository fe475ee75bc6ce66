/** What a device does about something new: no more than is of use to somebody who may be looking already. */
import type { Notification } from '@confab/client'
import type { Preferences } from '../../lib/preferences.ts'
import { tagOf } from './desktop.ts'

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

/** What happened longer ago than this is found in the list: whoever comes back to it need not be called. In ms. */
const FRESH_MS = 2 * 60_000

/**
 * What of several that are told at once is news: of each room the newest that is not read, in the order in which they
 * came. What was missed while there was no connection is told, too, however long that was; `now` is the server's time.
 */
export function newsOf(told: readonly Notification[], now: number): Notification[] {
  const fresh = told.filter(({ is_read, timestamp }) => !is_read && now - Date.parse(timestamp) <= FRESH_MS)
  const newest = new Map(fresh.map((one) => [tagOf(one), one.id]))
  return fresh.filter((one) => newest.get(tagOf(one)) === one.id)
}

type Wanted = Pick<Preferences, 'desktopNotifications' | 'sounds'>
