import Type, { type Static } from 'typebox'
import { Id, ImageUrl, nullable, Timestamp } from '../fields.ts'

/** What was found, as a part of the text beside it: from the start up to the end, in UTF-16 units (as in JavaScript). */
export const Highlight = Type.Object(
  { start: Type.Integer({ minimum: 0, examples: [8] }), end: Type.Integer({ minimum: 1, examples: [14] }) },
  { title: 'Highlight' },
)
export type Highlight = Static<typeof Highlight>

const Highlights = Type.Array(Highlight, { description: 'In order, without overlaps' })

const sender = Type.Object({ id: Id, username: Type.String({ examples: ['alice'] }) })
const chatName = Type.String({
  description: "A group's name; in a direct room the other's full name or username",
  examples: ['Tea party'],
})

/** A message that a search found. */
export const MessageHit = Type.Object(
  {
    id: Id,
    room: Id,
    chat_name: chatName,
    is_group: Type.Boolean(),
    sender,
    no: Type.Integer({ minimum: 1, description: 'The place of the message in its room' }),
    timestamp: Timestamp,
    snippet: Type.String({ description: 'The text around what was found', examples: ['put the kettle on'] }),
    highlights: Highlights,
  },
  { title: 'MessageHit' },
)
export type MessageHit = Static<typeof MessageHit>

/** A person that a search found. */
export const PersonHit = Type.Object(
  {
    id: Id,
    username: Type.String({ examples: ['bob'] }),
    full_name: nullable(Type.String({ examples: ['Bob Baker'] })),
    profile_pic: ImageUrl,
    highlights: Type.Object({ username: Highlights, full_name: Highlights }),
  },
  { title: 'PersonHit' },
)
export type PersonHit = Static<typeof PersonHit>

/** A room of one's own that a search found. */
export const RoomHit = Type.Object(
  { id: Id, chat_name: chatName, is_group: Type.Boolean(), group_image: ImageUrl, highlights: Highlights },
  { title: 'RoomHit' },
)
export type RoomHit = Static<typeof RoomHit>
