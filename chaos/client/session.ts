import { WebSocket } from 'ws'
import { readServerFrame, type ServerFrame } from '../model/frames.ts'
import { type Address, toText } from '../stack/address.ts'
import type { Answer, Answers, Reply } from './answers.ts'

/** What the owner of a session is told. */
export type SessionEvents = Readonly<{
  onFrame(frame: ServerFrame): void
  /** The second answer to something that was repeated on the way. */
  onSecondAnswer?(answers: Answers): void
  /** A frame that is none of the contract's. */
  onStrange(text: string): void
  onClose(code: number, reason: string): void
}>

/** A command that is not answered, and a beginning that leads to no `ready`: the socket is taken for dead. */
const ANSWER_MS = 8_000
const READY_MS = 12_000

/** One and a half intervals of the server's heartbeat: silence for that long is a dead socket. */
const SILENCE_MS = 37_500

/** What a `hello` is known by among the commands, which have refs. */
const HELLO = 'hello'

/** Something that was said: what it was answered, and how many more answers may come of those that the network repeated. */
type Said = { readonly type: string; first: Answer | undefined; isRepeated: boolean; left: number }

/** One socket of the gateway, from its opening to its end. */
export class Session {
  readonly #socket: WebSocket
  readonly #events: SessionEvents
  readonly #pending = new Map<string, (answer: Answer) => void>()
  /** What waits for an answer, and what was repeated, by its ref. */
  readonly #said = new Map<string, Said>([[HELLO, { type: HELLO, first: undefined, isRepeated: false, left: 0 }]])
  #count = 0
  #isReady = false
  #silence: NodeJS.Timeout

  /**
   * @param address of a server, or of the wire that leads to one
   * @param hello what to say first
   */
  constructor(options: { address: Address; token: string; hello: object; events: SessionEvents }) {
    this.#events = options.events
    const url = `ws://${toText(options.address)}/ws/`
    this.#socket = new WebSocket(url, ['confab.v1', `bearer.${options.token}`], {
      handshakeTimeout: READY_MS,
      // What is compressed cannot be repeated.
      perMessageDeflate: false,
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
    if (!this.isReady) return Promise.resolve({ kind: 'lost', isRepeated: false })
    this.#count += 1
    const ref = String(this.#count)
    const said: Said = { type, first: undefined, isRepeated: false, left: 0 }
    this.#said.set(ref, said)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cut(), ANSWER_MS)
      this.#pending.set(ref, (answer) => {
        clearTimeout(timer)
        said.first = answer
        resolve({ ...answer, isRepeated: said.isRepeated })
      })
      this.#socket.send(JSON.stringify({ type, ref, ...data }))
    })
  }

  /**
   * The network carried something of this session to a server once more.
   *
   * @param ref of the command, or undefined for a `hello`
   * @param isAnswered whether the answer comes here
   */
  onRepeat(ref: string | undefined, isAnswered: boolean): void {
    const said = this.#said.get(ref ?? HELLO)
    if (!said) return
    said.isRepeated = true
    if (isAnswered) said.left += 1
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

  #answer(ref: string | undefined, answer: Answer): void {
    const resolve = ref === undefined ? undefined : this.#pending.get(ref)
    const said = this.#said.get(ref ?? HELLO)
    if (ref !== undefined) this.#pending.delete(ref)
    if (resolve) resolve(answer)
    else if (!said?.left) this.#events.onStrange(JSON.stringify({ ref, ...answer }))
    else {
      said.left -= 1
      this.#events.onSecondAnswer?.({ type: said.type, first: said.first ?? answer, second: answer })
    }
    if (ref !== undefined && said?.left === 0) this.#said.delete(ref)
  }
}
