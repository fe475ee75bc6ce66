import Type from 'typebox'
import { defineSignal } from '../define-event.ts'
import { Id, nullable, Timestamp } from '../fields.ts'

/** Somebody came online or went offline. Goes to their friends and to whom they share a direct room or a small group with. */
export const PresenceChanged = defineSignal(
  'presence',
  { topic: 'user' },
  { user_id: Id, online_status: Type.Boolean(), last_seen: nullable(Timestamp) },
)
