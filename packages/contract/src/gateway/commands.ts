/** What a client may ask of the gateway. Every command may carry a `ref`; its answer, `ack` or `error`, carries it back. */
import Type, { type Static, type TObject } from 'typebox'
import type { RateClass } from '../endpoint.ts'
import { Id, nullable, text } from '../fields.ts'
import { Message } from '../messages/resources.ts'
import { OwnStatus, PersonPresence } from '../presence/resources.ts'

/** A command: its frame beside `type` and `ref`, and what its `ack` holds. */
export type CommandDefinition<
  Name extends string = string,
  Data extends TObject = TObject,
  Reply extends TObject = TObject,
> = Readonly<{ name: Name; summary: string; rate: RateClass; data: Data; reply: Reply }>

/** Declares a command, named `noun.imperative`. */
export function defineCommand<const Name extends string, Data extends TObject, Reply extends TObject>(
  command: CommandDefinition<Name, Data, Reply>,
): CommandDefinition<Name, Data, Reply> {
  return Object.freeze(command)
}

/** What the `data` of a command is. */
export type CommandData<C extends CommandDefinition> = Static<C['data']>

/** What its `ack` holds. */
export type CommandReply<C extends CommandDefinition> = Static<C['reply']>

const Empty = Type.Object({})

export const messageSend = defineCommand({
  name: 'message.send',
  summary: 'Sends a text. The same `client_id` is stored once, however often and by whichever way it is sent.',
  rate: 'send',
  data: Type.Object({
    room: Id,
    content: text({ examples: ['hello bob'] }),
    client_id: text({ max: 100, examples: ['6e4f8f5e-0b3a-4f0e-9a44-9f2f5d3f7a10'] }),
  }),
  reply: Type.Object({ message: Message, is_new: Type.Boolean() }),
})

export const messageEdit = defineCommand({
  name: 'message.edit',
  summary: 'Gives a message of one’s own another text.',
  rate: 'write',
  data: Type.Object({ room: Id, id: Id, content: text({ blank: true, examples: ['hello Bob'] }) }),
  reply: Type.Object({ message: Message }),
})

export const messageDelete = defineCommand({
  name: 'message.delete',
  summary: 'Deletes a message for all.',
  rate: 'write',
  data: Type.Object({ room: Id, id: Id }),
  reply: Empty,
})

export const roomRead = defineCommand({
  name: 'room.read',
  summary: 'Marks a room as read up to a message, or whole.',
  rate: 'write',
  data: Type.Object({ room: Id, message_id: Type.Optional(Id) }),
  reply: Type.Object({ unread_count: Type.Integer({ minimum: 0 }) }),
})

export const typingStart = defineCommand({
  name: 'typing.start',
  summary: 'Says that one is typing; to be repeated every 3 seconds while one is.',
  rate: 'write',
  data: Type.Object({ room: Id }),
  reply: Empty,
})

export const typingStop = defineCommand({
  name: 'typing.stop',
  summary: 'Says that one stopped typing.',
  rate: 'write',
  data: Type.Object({ room: Id }),
  reply: Empty,
})

/** People one socket may watch. */
export const MAX_WATCHED = 500

export const presenceWatch = defineCommand({
  name: 'presence.watch',
  summary: `Says whose presence the client shows, up to ${MAX_WATCHED} people: their presence now, and then as it changes.`,
  rate: 'read',
  data: Type.Object({ users: Type.Array(Id, { maxItems: MAX_WATCHED }) }),
  reply: Type.Object({ people: Type.Array(PersonPresence) }),
})

export const presenceSet = defineCommand({
  name: 'presence.set',
  summary: 'Says what one is while one is here; it holds on all devices until another is set.',
  rate: 'write',
  data: Type.Object({ status: OwnStatus }),
  reply: Type.Object({ status: OwnStatus }),
})

export const authRefresh = defineCommand({
  name: 'auth.refresh',
  summary: 'Brings a new access token, so that the socket lives on when the old one expires.',
  rate: 'refresh',
  data: Type.Object({
    token: text({ max: 4_000, examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo0Mn0.c2lnbmF0dXJl'] }),
  }),
  reply: Type.Object({ expires_at: nullable(Type.String({ format: 'date-time' })) }),
})

export const commands = [
  messageSend,
  messageEdit,
  messageDelete,
  roomRead,
  typingStart,
  typingStop,
  presenceWatch,
  presenceSet,
  authRefresh,
] as const satisfies readonly CommandDefinition[]
