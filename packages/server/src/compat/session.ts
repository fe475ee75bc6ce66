import type { Topic } from '@confab/contract/define-event'
import { ChatError, InvalidFields } from '../chat-error.ts'
import { type Core, type Ctx, makeCtx } from '../ctx.ts'
import type { LoggedEvent, Signal } from '../realtime/bus.ts'
import type { Connection } from '../realtime/connection.ts'
import { buildFrame, type SharedFrame } from '../realtime/frame.ts'
import type { Subscriber } from '../realtime/hub.ts'
import type { Handshake, SocketSession } from '../realtime/socket-server.ts'
import { toChatError } from '../wire/failures.ts'

/** A frame of a client: an object; what is in it is not known yet. */
export type ClientFrame = Readonly<Record<string, unknown>>

/** What the three old sockets have in common: following topics, reading JSON objects, answering errors as frames. */
export abstract class CompatSession implements SocketSession, Subscriber {
  protected readonly core: Core
  protected readonly ctx: Ctx
  #connection: Connection | undefined
  /** What came between subscribing and the upgrade. */
  #early: SharedFrame[] = []
  readonly #topics = new Set<Topic>()
  #isClosed = false

  constructor(core: Core, { actor, baseUrl }: Handshake) {
    this.core = core
    this.ctx = makeCtx(core, actor, baseUrl)
  }

  abstract onEvent(event: LoggedEvent): void
  abstract onSignal(signal: Signal): void
  protected abstract onFrame(frame: ClientFrame): Promise<void>

  /** The old clients know no resume: they fetch afresh when they connect. */
  onLost(): void {
    this.#connection?.close('log_lost')
  }

  onOpen(connection: Connection): void {
    this.#connection = connection
    for (const frame of this.#early) connection.send(frame)
    this.#early = []
  }

  onText(text: string): void {
    const frame = parseFrame(text)
    if (frame) this.onFrame(frame).catch((error) => this.#answerError(error))
    else this.onBadFrame('Invalid JSON format: expected an object')
  }

  onBadFrame(reason: string): void {
    this.sendError(reason)
  }

  onClose(): void {
    this.#isClosed = true
    for (const topic of this.#topics) this.core.services.realtime.hub.unsubscribe(topic, this)
    this.#topics.clear()
  }

  protected async follow(topics: readonly Topic[]): Promise<void> {
    for (const topic of topics) this.#topics.add(topic)
    await this.core.services.realtime.hub.subscribe(topics, this)
    if (this.#isClosed) for (const topic of topics) this.core.services.realtime.hub.unsubscribe(topic, this)
  }

  protected follows(topic: Topic): boolean {
    return this.#topics.has(topic)
  }

  protected unfollow(topic: Topic): void {
    this.#topics.delete(topic)
    this.core.services.realtime.hub.unsubscribe(topic, this)
  }

  protected send(frame: SharedFrame, options: { isEphemeral?: boolean } = {}): void {
    if (this.#connection) this.#connection.send(frame, options)
    else if (!this.#isClosed) this.#early.push(frame)
  }

  protected sendError(message: string): void {
    this.send(buildFrame({ type: 'error', message }))
  }

  protected close(reason: 'not_a_member'): void {
    this.#connection?.close(reason)
  }

  #answerError(error: unknown): void {
    if (error instanceof InvalidFields) {
      this.sendError(JSON.stringify(error.fields))
      return
    }
    const failure = toChatError(error)
    if (failure.code === 'internal') this.core.log.error({ err: error }, 'a frame could not be handled')
    this.sendError(failure.message)
  }
}

function parseFrame(text: string): ClientFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null && !Array.isArray(frame) ? { ...frame } : undefined
  } catch {
    return undefined
  }
}

/**
 * The id in a field of a frame; numeric strings count.
 *
 * @throws ChatError invalid
 */
export function readId(frame: ClientFrame, field: string): number {
  const given = frame[field]
  const id = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) {
    throw new ChatError('invalid', { message: `${field}: A valid integer is required.` })
  }
  return id
}
