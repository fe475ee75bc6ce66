import Type from 'typebox'
import { defineSignal } from '../define-event.ts'
import { Id, Timestamp } from '../fields.ts'

/** Somebody has read up to a message; a later receipt of the same person replaces an earlier one. */
export const ReceiptMoved = defineSignal(
  'receipt',
  { topic: 'room' },
  {
    room: Id,
    user: Type.Object({ id: Id, username: Type.String({ examples: ['alice'] }) }),
    message_id: Id,
    no: Type.Integer({ minimum: 1, examples: [7] }),
    read_at: Timestamp,
  },
)

/**
 * One's own read mark of a room moved, on whichever device. The count is that of the messages up to number `last_no`;
 * later ones are to be added to it.
 */
export const UnreadChanged = defineSignal(
  'unread',
  { topic: 'user' },
  {
    room: Id,
    unread_count: Type.Integer({ minimum: 0 }),
    read_no: Type.Integer({ minimum: 0 }),
    last_no: Type.Integer({ minimum: 0 }),
  },
)
