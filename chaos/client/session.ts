import { WebSocket } from 'ws'
import { readServerFrame, type ServerFrame } from '../model/frames.ts'

/** What a command was answered; `lost` where the socket went before there was an answer. */
export type Reply =
  | Readonly<{ kind: 'ack'; data: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: 'error'; code: string; message: string; retryAfterMs: number }>
  | Readonly<{ kind: 'lost' }>

/** What the owner of a session is told. */
export type SessionEvents = Readonly<{
  onFrame(frame: ServerFrame): void
  /** A frame that is none of the contract's. */
  onStrange(text: string): void
  onClose(code: number, reason: string): void
}>

/** A command that is not answered, and a beginning that leads to no `ready`: the socket is taken for dead. */
const ANSWER_MS = 8_000
const READY_MS = 12_000

/** One and a half intervals of the server's heartbeat: silence for that long is a dead socket. */
const SILENCE_MS = 37_500

/** One socket of the gateway, from its opening to its end. */
export class Session {
  readonly #socket: WebSocket
  readonly #events: SessionEvents
  readonly #pending = new Map<string, (reply: Reply) => void>()
  #count = 0
  #isReady = false
  #silence: NodeJS.Timeout

  /**
   * @param port of the wire that leads to a server
   * @param hello what to say first
   */
  constructor(options: { port: number; token: string; hello: object; events: SessionEvents }) {
    this.#events = options.events
    this.#socket = new WebSocket(`ws://127.0.0.1:${options.port}/ws/`, ['confab.v1', `bearer.${options.token}`], {
      handshakeTimeout: READY_MS,
    })
    this.#silence = setTimeout(() => this.cut(), READY_MS)
    this.#socket.on('open', () => this.#socket.send(JSON.stringify({ type: 'hello', ...options.hello })))
    this.#socket.on('message', (data) => this.#onMessage(String(data)))
    this.#socket.on('ping', () => this.#hear())
    this.#socket.on('error', () => {})
    this.#socket.once('close', (code, reason) => {
      clearTimeout(this.#silence)
      for (const answer of this.#pending.values()) answer({ kind: 'lost' })
      this.#pending.clear()
      this.#events.onClose(code, String(reason))
    })
  }

  get isReady(): boolean {
    return this.#isReady && this.#socket.readyState === WebSocket.OPEN
  }

  /** Asks for something and waits for its answer. */
  command(type: string, data: object): Promise<Reply> {
    if (!this.isReady) return Promise.resolve({ kind: 'lost' })
    this.#count += 1
    const ref = String(this.#count)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cut(), ANSWER_MS)
      this.#pending.set(ref, (reply) => {
        clearTimeout(timer)
        resolve(reply)
      })
      this.#socket.send(JSON.stringify({ type, ref, ...data }))
    })
  }

  /** Goes without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  /** Goes as a client does that closes. */
  close(): void {
    this.#socket.close(1000)
  }

  #hear(): void {
    this.#silence.refresh()
  }

  #onMessage(text: string): void {
    this.#hear()
    const frame = readServerFrame(text)
    if (!frame) this.#events.onStrange(text)
    else if (frame.kind === 'ping') this.#socket.send('{"type":"pong"}')
    else if (frame.kind === 'ack') this.#answer(frame.ack.ref, { kind: 'ack', data: frame.ack.data })
    else if (frame.kind === 'error') {
      const { ref, code, message, retry_after_ms: retryAfterMs = 0 } = frame.error
      this.#answer(ref, { kind: 'error', code, message, retryAfterMs })
    } else {
      if (frame.kind === 'ready') this.#onReady()
      this.#events.onFrame(frame)
    }
  }

  #onReady(): void {
    this.#isReady = true
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.cut(), SILENCE_MS)
  }

  #answer(ref: string | undefined, reply: Reply): void {
    const answer = ref === undefined ? undefined : this.#pending.get(ref)
    if (ref !== undefined) this.#pending.delete(ref)
    if (answer) answer(reply)
    else this.#events.onStrange(JSON.stringify(reply))
  }
}
