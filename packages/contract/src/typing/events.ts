import Type from 'typebox'
import { defineSignal } from '../define-event.ts'
import { Id } from '../fields.ts'

const Typist = Type.Object({ id: Id, username: Type.String({ examples: ['alice'] }) })

/** Somebody began or stopped typing in a room. It names everyone who is typing, so that a lost stop heals itself. */
export const TypingChanged = defineSignal(
  'typing',
  { topic: 'room' },
  { room: Id, user: Typist, is_typing: Type.Boolean(), typists: Type.Array(Typist) },
)
