import Type from 'typebox'
import { defineSignal } from '../define-event.ts'
import { Id } from '../fields.ts'

/** Somebody began or stopped typing in a room. A stop that gets lost is made up for when the typing expires. */
export const TypingChanged = defineSignal(
  'typing',
  { topic: 'room' },
  { room: Id, user: Type.Object({ id: Id, username: Type.String() }), is_typing: Type.Boolean() },
)
