/** `ws/chat/<room>/`: what is said, typed and read in one room, for its members. */
import Type from 'typebox'
import { defineSocket, ErrorFrame, frame } from '../define-socket.ts'
import { Id, Timestamp } from '../fields.ts'
import { Message } from '../messages/resources.ts'

const Username = Type.String({ examples: ['alice'] })

/** Somebody sent a message; its sender hears of it too. */
export const NewMessageFrame = frame('new_message', 'NewMessageFrame', { message: Message })

/** A message has another text or image. */
export const MessageUpdatedFrame = frame('message_updated', 'MessageUpdatedFrame', { message: Message })

/** A message is gone for all. */
export const MessageDeletedFrame = frame('message_deleted', 'MessageDeletedFrame', { message_id: Id })

/** Somebody is typing. */
export const TypingFrame = frame('typing', 'TypingFrame', { username: Username })

/** Somebody stopped typing, or went away. */
export const StopTypingFrame = frame('stop_typing', 'StopTypingFrame', { username: Username })

/** Somebody has read up to a message. */
export const MessageReadFrame = frame('message.read', 'MessageReadFrame', {
  message_id: Id,
  reader: Type.Object({ id: Id, username: Username }),
  read_at: Timestamp,
})

/** I am typing. A name in the frame is ignored. */
export const StartTyping = frame('typing', 'StartTyping', {})

/** I stopped typing. */
export const StopTyping = frame('stop_typing', 'StopTyping', {})

/** I have read a message, and all before it. */
export const ReadMessage = frame('read_message', 'ReadMessage', { message_id: Id })

export const chatSocket = defineSocket({
  name: 'chat',
  path: '/ws/chat/:room/',
  summary: 'One room: its messages, who is typing, what was read. For its members.',
  params: Type.Object({ room: Id }),
  sends: [
    NewMessageFrame,
    MessageUpdatedFrame,
    MessageDeletedFrame,
    TypingFrame,
    StopTypingFrame,
    MessageReadFrame,
    ErrorFrame,
  ],
  takes: [StartTyping, StopTyping, ReadMessage],
})
