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
import { pingFrame, type SharedFrame, writeFrames } from './frame.ts'

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

/** Half of a socket: it is told what the client sends. */
export interface ConnectionSession {
  /** A text frame came; anything else never gets here. */
  onText(text: string): void
  /** A frame came that is no text, or too many came. */
  onBadFrame(reason: string): void
  /** A text frame came that is one too many, so that its answer can name it; without this it is a bad frame. */
  onTooManyFrames?(text: string): void
  /** A heartbeat went out, as a ping of the protocol; what the client's own code should see of it can be sent now. */
  onBeat?(): void
  /** The socket is closed, for whatever reason; called once. */
  onClose(): void
}

/** Whose connections these are. */
export interface ConnectionOwner {
  /** The server closes the socket, and why. */
  onClosing(reason: CloseReason): void
  /** The socket is closed; called once, before the session hears of it. */
  onClosed(connection: Connection): void
}

/**
 * A server has many idle sockets, so that what each of them costs counts: the listeners are the same functions for all,
 * and find their connection here.
 */
const connections = new WeakMap<WebSocket, Connection>()

/**
 * First beats come at multiples of this: Node keeps a list of timers for every duration that differs, and sockets that
 * beat in the same turn cost less than as many that wake the server one by one.
 */
const TIMER_STEP_MS = 500

export class Connection {
  readonly #socket: WebSocket
  readonly #session: ConnectionSession
  readonly #owner: ConnectionOwner
  #queue: SharedFrame[] | undefined
  #isAwaited = false
  #heartbeat: NodeJS.Timeout
  #tokens = BURST
  #filledAt = performance.now()

  constructor(socket: WebSocket, session: ConnectionSession, owner: ConnectionOwner) {
    this.#socket = socket
    this.#session = session
    this.#owner = owner
    const firstBeat = Math.ceil((Math.random() * HEARTBEAT_MS) / TIMER_STEP_MS) * TIMER_STEP_MS
    this.#heartbeat = setTimeout(Connection.#beat, firstBeat, this)
    connections.set(socket, this)
    socket.on('message', onMessage)
    socket.on('pong', onPong)
    socket.on('error', onError)
    socket.once('close', onClose)
  }

  /** Takes a frame of the client; for the listener of the socket alone. */
  receive(data: RawData, isBinary: boolean): void {
    this.#isAwaited = false
    if (!this.#takeToken()) this.#refuse(data, isBinary)
    else if (isBinary) this.#session.onBadFrame('Only text frames are understood.')
    else this.#session.onText(toText(data))
  }

  /** Takes the answer to a heartbeat; for the listener of the socket alone. */
  heard(): void {
    this.#isAwaited = false
  }

  /** Ends with its socket; for the listener of the socket alone. */
  end(): void {
    clearTimeout(this.#heartbeat)
    this.#queue = undefined
    this.#owner.onClosed(this)
    this.#session.onClose()
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
    if (this.#queue) {
      this.#queue.push(frame)
      return
    }
    this.#queue = [frame]
    if (Connection.#dirty.length === 0) setImmediate(Connection.#flushAll)
    Connection.#dirty.push(this)
  }

  /**
   * Sends what is queued and closes with a code of the contract's table. A client that does not answer is cut.
   *
   * @param retryAfterMs when to come back, for reasons that ask for it
   */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.isOpen) this.#owner.onClosing(reason)
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
    const frames = this.#queue
    this.#queue = undefined
    if (frames && this.isOpen) writeFrames(this.#socket, frames)
  }

  static #beat(connection: Connection): void {
    connection.send(pingFrame)
    connection.#isAwaited = true
    connection.#session.onBeat?.()
    connection.#heartbeat = setTimeout(Connection.#checkAnswer, ANSWER_MS, connection)
  }

  static #checkAnswer(connection: Connection): void {
    if (connection.#isAwaited) connection.#socket.terminate()
    else connection.#heartbeat = setTimeout(Connection.#beat, HEARTBEAT_MS - ANSWER_MS, connection)
  }

  #refuse(data: RawData, isBinary: boolean): void {
    if (!isBinary && this.#session.onTooManyFrames) this.#session.onTooManyFrames(toText(data))
    else this.#session.onBadFrame('Too many frames, slow down.')
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

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  connections.get(this)?.receive(data, isBinary)
}

function onPong(this: WebSocket): void {
  connections.get(this)?.heard()
}

/** A protocol error (a frame too large, bad UTF-8) is followed by 'close'; without a listener it would be thrown. */
function onError(): void {}

function onClose(this: WebSocket): void {
  connections.get(this)?.end()
}

function toText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8')
}
