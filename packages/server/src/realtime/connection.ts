/**
 * One open socket: sending with bounds, heartbeat, and closing.
 *
 * Guarantees: frames leave in the order in which they were sent; what a client does not take is bounded, within a turn of
 * the event loop too: beyond a first mark ephemeral frames are dropped, beyond a second the socket is closed, so that the
 * client comes back and resumes. What it begins with has bounds of its own and goes out whatever waits, so that a client
 * that comes back gets somewhere each time. A socket that does not answer a heartbeat in time is cut, unless it is still
 * taking what was sent before.
 * Who may call: the session that owns it. Frames sent within one turn of the event loop leave in one write.
 */
import { type CloseReason, closeCodes } from '@confab/contract/close-codes'
import { type RawData, WebSocket } from 'ws'
import { pingFrame, type SharedFrame, stuckBytes, writeFrames } from './frame.ts'

/** Bytes that may wait in a socket before ephemeral frames are dropped, and before it is closed. */
const DROP_AT_BYTES = 256 * 1024
const CLOSE_AT_BYTES = 1024 * 1024

/** The heartbeat; the first one comes at a random time, so that sockets opened together do not beat together. */
export const HEARTBEAT_MS = 25_000

/** A client has this long to answer a beat; any frame counts. */
const ANSWER_MS = 8_000

/** As many frames may come at once as may come in this time. */
const BURST_SECONDS = 3

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
  /** Frames that a client may send in a second over time; 0 is as many as it likes. */
  readonly framesPerSecond: number
  /** An ephemeral frame was dropped, because its client lags behind. */
  onDropped(): void
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
  /** Bytes of all frames that were accepted, up to the end of what the socket began with, and given to the socket. */
  #accepted = 0
  #openingEnd = 0
  #written = 0
  #isAwaited = false
  /** Bytes that the operating system did not have yet when it was last looked at. */
  #stuckBefore = 0
  #heartbeat: NodeJS.Timeout
  #tokens: number
  #filledAt = performance.now()

  constructor(socket: WebSocket, session: ConnectionSession, owner: ConnectionOwner) {
    this.#socket = socket
    this.#session = session
    this.#owner = owner
    this.#tokens = owner.framesPerSecond * BURST_SECONDS
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
    const waiting = this.#accepted - this.#written + this.#socket.bufferedAmount
    if (waiting > DROP_AT_BYTES && !this.#lets(options.isEphemeral ?? false)) return
    this.#accepted += frame.length
    if (this.#queue) {
      this.#queue.push(frame)
      return
    }
    this.#queue = [frame]
    if (Connection.#dirty.length === 0) setImmediate(Connection.#flushAll)
    Connection.#dirty.push(this)
  }

  /**
   * Sends what the socket begins with, at once. It goes out whatever waits, and does not count as waiting: who sends it
   * bounds it.
   *
   * @param onTaken called once, when the operating system has all of it, or when nobody will
   */
  sendOpening(frames: readonly SharedFrame[], onTaken: () => void): void {
    this.#queue = [...(this.#queue ?? []), ...frames]
    for (const frame of frames) this.#accepted += frame.length
    this.#openingEnd = this.#accepted
    this.#flush(onTaken)
  }

  /**
   * Sends what is queued and closes with a code of the contract's table. A client that does not answer is cut.
   *
   * @param retryAfterMs when to come back, for reasons that ask for it
   */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (!this.isOpen) return
    this.#owner.onClosing(reason)
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

  #flush(onTaken?: () => void): void {
    const frames = this.#queue ?? []
    this.#queue = undefined
    this.#written = this.#accepted
    if (this.isOpen) writeFrames(this.#socket, frames, onTaken)
    else onTaken?.()
  }

  /** Whether a frame may go to a client that lags behind; where it would have to, but there is too much, the socket ends. */
  #lets(isEphemeral: boolean): boolean {
    // Of what was queued in this turn the operating system may take all at once.
    this.#flush()
    const waiting = Math.min(this.#socket.bufferedAmount, this.#accepted - this.#openingEnd)
    if (waiting <= (isEphemeral ? DROP_AT_BYTES : CLOSE_AT_BYTES)) return true
    if (isEphemeral) this.#owner.onDropped()
    else this.close('slow_consumer')
    return false
  }

  static #beat(connection: Connection): void {
    connection.send(pingFrame)
    connection.#session.onBeat?.()
    connection.#flush()
    connection.#isAwaited = true
    connection.#stuckBefore = stuckBytes(connection.#socket)
    connection.#heartbeat = setTimeout(Connection.#checkAnswer, ANSWER_MS, connection)
  }

  static #checkAnswer(connection: Connection): void {
    const stuckBefore = connection.#stuckBefore
    connection.#stuckBefore = stuckBytes(connection.#socket)
    if (!connection.#isAwaited) {
      connection.#heartbeat = setTimeout(Connection.#beat, HEARTBEAT_MS - ANSWER_MS, connection)
    } else if (stuckBefore > 0 && stuckBefore !== connection.#stuckBefore) {
      // The ping waits behind what was sent before it, and the client is taking that.
      connection.#heartbeat = setTimeout(Connection.#checkAnswer, ANSWER_MS, connection)
    } else connection.#socket.terminate()
  }

  #refuse(data: RawData, isBinary: boolean): void {
    if (!isBinary && this.#session.onTooManyFrames) this.#session.onTooManyFrames(toText(data))
    else this.#session.onBadFrame('Too many frames, slow down.')
  }

  #takeToken(): boolean {
    const { framesPerSecond } = this.#owner
    if (framesPerSecond === 0) return true
    const now = performance.now()
    const filled = this.#tokens + ((now - this.#filledAt) * framesPerSecond) / 1000
    this.#tokens = Math.min(framesPerSecond * BURST_SECONDS, filled)
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
