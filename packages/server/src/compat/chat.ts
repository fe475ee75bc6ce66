import * as frames from '@confab/contract/compat/chat'
import { type Topic, topicOf } from '@confab/contract/define-event'
import { ChatError } from '../chat-error.ts'
import type { Core } from '../ctx.ts'
import { markMessageRead } from '../features/receipts/service.ts'
import { requireMember } from '../features/rooms/access.ts'
import type { LoggedEvent, Signal } from '../realtime/bus.ts'
import type { Handshake, SocketRoute } from '../realtime/socket-server.ts'
import { type Translation, translate } from './frames.ts'
import { type ClientFrame, CompatSession, readId } from './session.ts'

/** `ws/chat/<room>/`: the messages, typing and receipts of one room. */
export function chatSocket(core: Core): SocketRoute {
  return {
    kind: 'guarded',
    pattern: /^\/ws\/chat\/(\d{1,15})$/,
    open: async (handshake) => {
      const session = new ChatSession(core, handshake, Number(handshake.params[0]))
      await session.prepare()
      return session
    },
  }
}

const usernameOf = (data: Record<string, unknown>) => Reflect.get(Object(data.user), 'username')

const events: Readonly<Record<string, Translation>> = {
  'message.created': translate(frames.NewMessageFrame, (data) => ({ type: 'new_message', message: data.message })),
  'message.updated': translate(frames.MessageUpdatedFrame, (data) => ({
    type: 'message_updated',
    message: data.message,
  })),
  'message.deleted': translate(frames.MessageDeletedFrame, (data) => ({
    type: 'message_deleted',
    message_id: data.message_id,
  })),
}

const signals: Readonly<Record<string, Translation>> = {
  typing: translate(frames.TypingFrame, (data) => ({
    type: data.is_typing ? 'typing' : 'stop_typing',
    username: usernameOf(data),
  })),
  receipt: translate(frames.MessageReadFrame, (data) => ({
    type: 'message.read',
    message_id: data.message_id,
    reader: data.user,
    read_at: data.read_at,
  })),
}

class ChatSession extends CompatSession {
  readonly #roomId: number
  readonly #topic: Topic
  #isOver = false

  constructor(core: Core, handshake: Handshake, roomId: number) {
    super(core, handshake)
    this.#roomId = roomId
    this.#topic = topicOf('room', roomId)
  }

  /** Follows first and asks after that, so that a removal in between is either seen here or heard as an event. */
  async prepare(): Promise<void> {
    try {
      await this.follow([this.#topic])
      await requireMember(this.ctx.db, this.#roomId, this.ctx.actor.id)
      if (this.#isOver) throw new ChatError('room_not_found')
    } catch (error) {
      this.onClose()
      throw error
    }
  }

  onEvent(event: LoggedEvent): void {
    const translation = events[event.type]
    if (translation) this.send(translation.get(event, this.ctx.baseUrl))
    const isRemoved = event.type === 'member.removed' && event.data.user_id === this.ctx.actor.id
    if (isRemoved || event.type === 'room.deleted') this.#end()
  }

  onSignal(signal: Signal): void {
    const translation = signals[signal.type]
    if (translation) this.send(translation.get(signal, this.ctx.baseUrl), { isEphemeral: true })
  }

  override onClose(): void {
    this.core.services.typing.stop(this.ctx.actor, this.#roomId)
    super.onClose()
  }

  protected async onFrame(frame: ClientFrame): Promise<void> {
    if (this.#isOver) return
    if (frame.type === 'typing') this.core.services.typing.start(this.ctx.actor, this.#roomId)
    else if (frame.type === 'stop_typing') this.core.services.typing.stop(this.ctx.actor, this.#roomId)
    else if (frame.type === 'read_message') await markMessageRead(this.ctx, this.#roomId, readId(frame, 'message_id'))
    else this.sendError('Unknown type: expected typing, stop_typing or read_message')
  }

  /** Nothing more of the room reaches this socket, nor the room by it, whatever the client does. */
  #end(): void {
    this.#isOver = true
    this.unfollow(this.#topic)
    this.close('not_a_member')
  }
}
