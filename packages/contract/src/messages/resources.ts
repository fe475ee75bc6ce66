import Type, { type Static } from 'typebox'
import { Id, ImageUrl, imageSize, nullable, Timestamp } from '../fields.ts'
import { ReadStatus } from '../receipts/resources.ts'

/** A message, the same in lists, answers and events. A deleted one is in no list. */
export const Message = Type.Object(
  {
    id: Id,
    room: Id,
    sender: Type.Object({ id: Id, username: Type.String({ examples: ['alice'] }) }),
    content: Type.String({ description: 'Empty where the message is only an image', examples: ['hello bob'] }),
    timestamp: Timestamp,
    image: ImageUrl,
    thumbnail: ImageUrl,
    ...imageSize,
    read_statuses: Type.Array(ReadStatus),
    edited_at: nullable(Timestamp),
    no: Type.Integer({ minimum: 1, description: 'The place of the message in its room: 1, 2, 3 …', examples: [7] }),
    client_id: nullable(Type.String({ description: "The sender's own id for it, for matching an optimistic send" })),
  },
  { title: 'Message' },
)
export type Message = Static<typeof Message>
