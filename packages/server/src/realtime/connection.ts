/**
 * One open socket: sending with bounds, heartbeat, and closing.
 *
 * Guarantees: frames leave in the order in which they were sent; what a client does not take is bounded: beyond a first
 * mark ephemeral frames are dropped, beyond a second the socket is closed, so that the client comes back and resumes.
 * A socket that does not answer a heartbeat in time is cut.
 * Who may call: the session that owns it. Frames sent within one turn of the event loop leave in one write.
 */
import { type CloseReason, closeCodes } from '@confab/contract/close-codes'
import { type RawData, WebSocket } from 'ws'
import { type SharedFrame, writeFrames } from './frame.ts'

/** Bytes that may wait in a socket before ephemeral frames are dropped, and before it is closed. */
const DROP_AT_BYTES = 256 * 1024
const CLOSE_AT_BYTES = 1024 * 1024

/** The heartbeat; the first one comes at a random time, so that sockets opened together do not beat together. */
export const HEARTBEAT_MS = 25_000

/** A client has this long to answer a beat; any frame counts. */
const ANSWER_MS = 8_000

/** Frames a client may send at once, and per second over time. */
const BURST = 60
const FRAMES_PER_SECOND = 20

/** What a session does with its socket's life. */
export type ConnectionEvents = Readonly<{
  /** A text frame came; anything else never gets here. */
  onText(text: string): void
  /** A frame came that is no text, or too many came. */
  onBadFrame(reason: string): void
  /** A heartbeat went out, as a ping of the protocol; what the client's own code should see of it can be sent now. */
  onBeat?(): void
  /** The server closes the socket, and why. */
  onClosing?(reason: CloseReason): void
  /** The socket is closed, for whatever reason; called once. */
  onClose(): void
}>

export class Connection {
  readonly #socket: WebSocket
  #queue: SharedFrame[] = []
  readonly #onBeat: (() => void) | undefined
  readonly #onClosing: ((reason: CloseReason) => void) | undefined
  #isAwaited = false
  #heartbeat: NodeJS.Timeout
  #tokens = BURST
  #filledAt = performance.now()

  constructor(socket: WebSocket, events: ConnectionEvents) {
    this.#socket = socket
    this.#onBeat = events.onBeat
    this.#onClosing = events.onClosing
    this.#heartbeat = setTimeout(() => this.#beat(), Math.random() * HEARTBEAT_MS)
    socket.on('message', (data, isBinary) => {
      this.#isAwaited = false
      if (!this.#takeToken()) events.onBadFrame('Too many frames, slow down.')
      else if (isBinary) events.onBadFrame('Only text frames are understood.')
      else events.onText(toText(data))
    })
    socket.on('pong', () => {
      this.#isAwaited = false
    })
    // A protocol error (a frame too large, bad UTF-8) is followed by 'close'; without a listener it would be thrown.
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(this.#heartbeat)
      this.#queue = []
      events.onClose()
    })
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /** Sends a frame with the other frames of this turn. An ephemeral one is dropped where the client lags behind. */
  send(frame: SharedFrame, options: { isEphemeral?: boolean } = {}): void {
    if (!this.isOpen) return
    const waiting = this.#socket.bufferedAmount
    if (options.isEphemeral && waiting > DROP_AT_BYTES) return
    if (waiting > CLOSE_AT_BYTES) {
      this.close('slow_consumer')
      return
    }
    this.#queue.push(frame)
    if (this.#queue.length > 1) return
    if (Connection.#dirty.length === 0) setImmediate(Connection.#flushAll)
    Connection.#dirty.push(this)
  }

  /**
   * Sends what is queued and closes with a code of the contract's table. A client that does not answer is cut.
   *
   * @param retryAfterMs when to come back, for reasons that ask for it
   */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.isOpen) this.#onClosing?.(reason)
    this.#flush()
    const suffix = retryAfterMs === undefined ? '' : `:${Math.round(retryAfterMs)}`
    this.#socket.close(closeCodes[reason].code, reason + suffix)
    setTimeout(() => this.#socket.terminate(), 2_000).unref()
  }

  /** Those that have something to send: one callback for all of them, however many a message goes to. */
  static #dirty: Connection[] = []

  static readonly #flushAll = (): void => {
    const dirty = Connection.#dirty
    Connection.#dirty = []
    for (const connection of dirty) connection.#flush()
  }

  #flush(): void {
    if (this.#queue.length === 0) return
    const frames = this.#queue
    this.#queue = []
    if (this.isOpen) writeFrames(this.#socket, frames)
  }

  #beat(): void {
    if (this.isOpen) this.#socket.ping()
    this.#isAwaited = true
    this.#onBeat?.()
    this.#heartbeat = setTimeout(() => this.#checkAnswer(), ANSWER_MS)
  }

  #checkAnswer(): void {
    if (this.#isAwaited) this.#socket.terminate()
    else this.#heartbeat = setTimeout(() => this.#beat(), HEARTBEAT_MS - ANSWER_MS)
  }

  #takeToken(): boolean {
    const now = performance.now()
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) * FRAMES_PER_SECOND) / 1000)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

function toText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8')
}
