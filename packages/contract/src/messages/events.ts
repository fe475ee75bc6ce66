import Type from 'typebox'
import { defineEvent } from '../define-event.ts'
import { Id } from '../fields.ts'
import { Message } from './resources.ts'

/** A message was sent. Goes to every member, its sender's other devices too. */
export const MessageCreated = defineEvent('message.created', { topic: 'room' }, { message: Message })

/** A message has another text or image. */
export const MessageUpdated = defineEvent('message.updated', { topic: 'room' }, { message: Message })

/** A message is gone for all. */
export const MessageDeleted = defineEvent(
  'message.deleted',
  { topic: 'room' },
  {
    room: Id,
    message_id: Id,
    no: Type.Integer({ minimum: 1, description: 'The place that the message had in its room' }),
    sender: Type.Object({ id: Id }),
  },
)
