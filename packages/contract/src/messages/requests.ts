import Type, { type Static } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'
import { Id, ImageUpload, Nothing, nullable, Timestamp, text, type Upload } from '../fields.ts'
import { cursorQuery, orderingQuery, page, searchQuery } from '../paging.ts'
import { Message } from './resources.ts'

const InRoom = Type.Object({ room: Id })
const OneMessage = Type.Object({ room: Id, id: Id })

/** `MAX_MESSAGE_CHARS` bounds the text; it is configurable, so the service checks it and not the schema. */
const Content = nullable(text({ blank: true, examples: ['hello bob'] }))

/** A send. With a `client_id` it may be repeated for ever and is stored once. */
export const SendMessage = Type.Object({
  content: Type.Optional(Content),
  image: Type.Optional(ImageUpload),
  client_id: Type.Optional(
    nullable(text({ max: 100, blank: true, examples: ['6e4f8f5e-0b3a-4f0e-9a44-9f2f5d3f7a10'] })),
  ),
})
export type SendMessage = Static<typeof SendMessage>

/** An edit; what is not in it stays as it is. An image of null removes it. */
export const EditMessage = Type.Object({ content: Type.Optional(Content), image: Type.Optional(ImageUpload) })
export type EditMessage = Static<typeof EditMessage>

/** A whole message as it was read: its image may be the URL it has, which leaves it as it is. */
const ReplaceMessage = Type.Object({
  content: Type.Optional(Content),
  image: Type.Optional(Type.Unsafe<Upload | null | undefined>({ ...ImageUpload, 'x-upload': 'image-or-url' })),
})

/** Where in a room's past a page is; one of the three, and without `search`. With a cursor none counts. */
const jumpQuery = {
  around: Type.Optional({ ...Id, description: 'The id of the message that the page has in its middle' }),
  at: Type.Optional({ ...Timestamp, description: 'The page begins with the first message of this time or later' }),
  no: Type.Optional({ ...Id, description: 'The page begins with the message of this number, or the first after it' }),
}

const about = { tag: 'messages', access: 'member' } as const

export const listMessages = defineEndpoint({
  ...about,
  operationId: 'listMessages',
  method: 'GET',
  path: '/api/chatrooms/:room/messages/',
  summary:
    'The messages of a room, newest first; `?ordering=timestamp` or `id` for oldest first. `?around=` a message, `?at=` a time or `?no=` a number, a page from the middle: its links lead both ways.',
  rate: 'read',
  params: InRoom,
  query: Type.Object({ ...cursorQuery, ...searchQuery, ...orderingQuery, ...jumpQuery }),
  responses: { 200: page(Message) },
})

export const listRoomImages = defineEndpoint({
  ...about,
  operationId: 'listRoomImages',
  method: 'GET',
  path: '/api/chatrooms/:room/images/',
  summary: 'The messages of a room that have an image, newest first.',
  rate: 'read',
  params: InRoom,
  query: Type.Object(cursorQuery),
  responses: { 200: page(Message) },
})

export const sendMessage = defineEndpoint({
  ...about,
  operationId: 'sendMessage',
  method: 'POST',
  path: '/api/chatrooms/:room/messages/',
  summary: 'Sends a text, an image or both. The same `client_id` (or `Idempotency-Key` header) again answers 200.',
  rate: 'send',
  params: InRoom,
  body: SendMessage,
  responses: { 201: Message, 200: Message },
})

export const getMessage = defineEndpoint({
  ...about,
  operationId: 'getMessage',
  method: 'GET',
  path: '/api/chatrooms/:room/messages/:id/',
  summary: 'One message.',
  rate: 'read',
  params: OneMessage,
  responses: { 200: Message },
})

const edit = {
  ...about,
  access: 'sender',
  path: '/api/chatrooms/:room/messages/:id/',
  rate: 'write',
  params: OneMessage,
  body: EditMessage,
  responses: { 200: Message },
} as const

export const replaceMessage = defineEndpoint({
  ...edit,
  operationId: 'replaceMessage',
  method: 'PUT',
  body: ReplaceMessage,
  summary: 'Edits a message of one’s own; a whole message may be sent back, only text and image count.',
})

export const editMessage = defineEndpoint({
  ...edit,
  operationId: 'editMessage',
  method: 'PATCH',
  summary: 'Edits the text or image of a message of one’s own.',
})

export const deleteMessage = defineEndpoint({
  ...about,
  access: 'sender',
  operationId: 'deleteMessage',
  method: 'DELETE',
  path: '/api/chatrooms/:room/messages/:id/',
  summary: 'Deletes a message for all: by its sender, or by an admin of the group.',
  rate: 'write',
  params: OneMessage,
  responses: { 204: Nothing },
})
