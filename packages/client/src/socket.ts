/**
 * One socket of the gateway, from its opening to its close.
 *
 * Guarantees: frames come in order; a command is answered, or fails: with `network` where the socket closed first and
 * with `timeout` where no answer came, and then it is not known whether it was carried out. `onClose` is called once.
 * A socket that is silent for one and a half heartbeats is dead and closed.
 */
import { type CommandMap, PROTOCOL } from './contract.gen.ts'
import { ConfabError } from './errors.ts'
import type { AnswerFrame, Frame, ServerFrame } from './frames.ts'
import { Pace } from './pace.ts'
import type { Position } from './positions.ts'
import { Alarm, elapsedMs } from './timers.ts'

/** What a socket tells its owner. */
export type SocketEvents = Readonly<{
  onFrame(frame: Frame): void
  /** @param reason as the server gave it, for example `server_draining:1500`; empty where the socket just broke */
  onClose(code: number, reason: string): void
}>

/** As much of `WebSocket` as is needed. */
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocket

/** From opening to `ready`; the server lets sockets start one after the other. */
const START_MS = 20_000

/** A command is answered within this time or not at all. */
const ANSWER_MS = 20_000

/** A socket that is asked whether it is there answers within this time. */
const PROBE_MS = 5_000

type Waiting = { resolve(data: unknown): void; reject(error: ConfabError): void; timer: ReturnType<typeof setTimeout> }

export class GatewaySocket {
  readonly #socket: WebSocket
  readonly #events: SocketEvents
  readonly #waiting = new Map<string, Waiting>()
  readonly #silence = new Alarm()
  readonly #pace = new Pace((text) => this.#socket.send(text))
  #silenceMs = START_MS
  #heardAt = elapsedMs()
  #refs = 0
  #isClosed = false

  /**
   * @param options.url of the gateway, `wss://…/ws/`
   * @param options.resume where to go on; without it the whole state comes
   */
  constructor(
    options: Readonly<{ url: string; token: string; resume: Position | undefined; WebSocket: WebSocketClass }>,
    events: SocketEvents,
  ) {
    this.#events = events
    this.#socket = new options.WebSocket(options.url, [PROTOCOL, `bearer.${options.token}`])
    this.#socket.onopen = () => {
      this.#socket.send(JSON.stringify({ type: 'hello', ...(options.resume ? { resume: options.resume } : {}) }))
    }
    this.#socket.onmessage = ({ data }) => this.#onText(String(data))
    this.#socket.onclose = ({ code, reason }) => this.#end(code, reason)
    this.#listen()
  }

  /** Asks for something, and gives what was answered. @throws ConfabError */
  command<Name extends keyof CommandMap>(
    name: Name,
    data: CommandMap[Name]['data'],
  ): Promise<CommandMap[Name]['reply']> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(broken())
      const ref = String(++this.#refs)
      const timer = setTimeout(() => this.#settle(ref)?.reject(late()), ANSWER_MS)
      // The answer is what the contract says it is.
      this.#waiting.set(ref, { resolve: (reply) => Reflect.apply(resolve, undefined, [reply]), reject, timer })
      this.#pace.send(JSON.stringify({ type: name, ref, ...data }))
    })
  }

  /** Finds out soon whether the socket is still alive: after a sleep of the device, or a change of its network. */
  probe(): void {
    if (this.#isClosed || this.#socket.readyState !== 1) return
    this.#socket.send('{"type":"ping"}')
    const askedAt = elapsedMs()
    this.#silence.set(PROBE_MS, () => (this.#heardAt >= askedAt ? this.#listen() : this.#die()))
  }

  /** Closes it; its owner is told at once. */
  close(): void {
    this.#socket.close(1000)
    this.#end(1000, '')
  }

  #onText(text: string): void {
    if (this.#isClosed) return
    this.#heardAt = elapsedMs()
    const frame: ServerFrame = JSON.parse(text)
    if (frame.type === 'ack' || frame.type === 'error') this.#onAnswer(frame)
    else if (frame.type !== 'ping' && frame.type !== 'pong') this.#tell(frame)
  }

  #tell(frame: Frame): void {
    if (frame.type === 'ready') {
      this.#silenceMs = frame.heartbeat_ms * 1.5
      // A server from before this was told takes as many as a client begins with.
      if ('frames_per_second' in frame.limits) this.#pace.setLimit(frame.limits.frames_per_second)
      this.#listen()
    }
    this.#events.onFrame(frame)
  }

  #onAnswer(frame: AnswerFrame): void {
    const waiting = this.#settle(frame.ref ?? '')
    if (frame.type === 'ack') waiting?.resolve(frame.data)
    else waiting?.reject(toCommandFailure(frame))
  }

  #settle(ref: string): Waiting | undefined {
    const waiting = this.#waiting.get(ref)
    this.#waiting.delete(ref)
    clearTimeout(waiting?.timer)
    return waiting
  }

  /** Looks once a beat instead of setting a timer anew with every frame. */
  #listen(): void {
    const left = this.#heardAt + this.#silenceMs - elapsedMs()
    this.#silence.set(left, () => (this.#heardAt + this.#silenceMs > elapsedMs() ? this.#listen() : this.#die()))
  }

  #die(): void {
    this.#socket.close()
    this.#end(1006, '')
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#silence.clear()
    this.#pace.stop()
    for (const ref of [...this.#waiting.keys()]) this.#settle(ref)?.reject(broken())
    this.#events.onClose(code, reason)
  }
}

function broken(): ConfabError {
  return new ConfabError({ code: 'network', message: 'The connection is not there.' })
}

function late(): ConfabError {
  return new ConfabError({ code: 'timeout', message: 'The server did not answer in time.' })
}

/** Codes that say to come back have a status like their REST twins, so that `isRetryable` holds for both. */
const RETRYABLE: Readonly<Record<string, number>> = { throttled: 429, unavailable: 503, internal: 500, not_ready: 503 }

function toCommandFailure(frame: Extract<AnswerFrame, { type: 'error' }>): ConfabError {
  const { code, message, fields = {}, retry_after_ms: retryAfterMs } = frame
  return new ConfabError({ code, message, fields, retryAfterMs, status: RETRYABLE[code] ?? 400 })
}
