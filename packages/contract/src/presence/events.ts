import { defineSignal } from '../define-event.ts'
import { PersonPresence } from './resources.ts'

/**
 * Somebody came, went, or says something else of themselves. Goes to their friends, to whom they share a direct room or
 * a small group with, and to whoever watches them.
 */
export const PresenceChanged = defineSignal('presence', { topic: 'user' }, PersonPresence.properties)
