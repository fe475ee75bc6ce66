import type { Socket } from 'node:net'
import { type RawData, WebSocket } from 'ws'
import { publishedSockets } from './published-sockets.ts'
import { complain } from './undocumented.ts'

/** A frame as it came, parsed. */
export type Frame = Record<string, unknown> & { type: string }

/** A server that does not answer a handshake for so long does not answer it at all. */
const HANDSHAKE_MS = 30_000

/** Throws where a frame is not as the server publishes it. */
type Check = (frame: Frame) => void

/**
 * A real socket of a test: frames are kept in order until they are asked for. Each is held against what the server publishes
 * of its sockets; one that is not as published is thrown by whatever waits on the socket next, and fails the test at its end
 * wherever that was caught, or nothing waited.
 */
export class TestSocket {
  readonly #socket: WebSocket
  readonly #frames: Frame[] = []
  readonly #check: Check
  #undocumented: Error | undefined
  #stream: Socket | undefined
  #wake: (() => void)[] = []
  #close: { code: number; reason: string } | undefined

  private constructor(socket: WebSocket, check: Check) {
    this.#socket = socket
    this.#check = check
    socket.on('upgrade', (response) => {
      this.#stream = response.socket
    })
    socket.on('message', (data, isBinary) => {
      this.#take(data, isBinary)
      this.#notify()
    })
    socket.on('close', (code, reason) => {
      this.#close = { code, reason: String(reason) }
      this.#notify()
    })
    socket.on('error', () => {})
  }

  /**
   * Opens a socket.
   *
   * @throws Error `refused: <status>` where the server answers the handshake with another status than 101
   */
  static async open(
    url: string,
    options: { headers?: Record<string, string>; protocols?: string[] } = {},
  ): Promise<TestSocket> {
    const { origin, pathname } = new URL(url.replace(/^ws/, 'http'))
    const published = await publishedSockets(origin)
    return new Promise((resolve, reject) => {
      const raw = new WebSocket(url, options.protocols ?? [], {
        headers: options.headers ?? {},
        handshakeTimeout: HANDSHAKE_MS,
      })
      // Listens before the handshake ends, so that frames sent with it are not missed.
      const socket = new TestSocket(raw, (frame) => published.check(pathname, frame))
      raw.on('open', () => resolve(socket))
      raw.on('unexpected-response', (_request, response) => {
        response.resume()
        reject(new Error(`refused: ${response.statusCode}`))
      })
      raw.on('error', reject)
    })
  }

  /** Sends a frame: an object as JSON, anything else as it is. */
  send(frame: unknown): void {
    this.#socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
  }

  /** Writes bytes beside the protocol, as a broken client does. */
  sendBytes(bytes: Uint8Array): void {
    this.#stream?.write(bytes)
  }

  /** The next frame, of the type where one is given: others before it are passed over. */
  async next(type?: string, timeoutMs = 5_000): Promise<Frame> {
    const found = await this.#until(() => {
      const index = type === undefined ? 0 : this.#frames.findIndex((frame) => frame.type === type)
      return index >= 0 && index < this.#frames.length ? this.#frames.splice(0, index + 1).at(-1) : undefined
    }, timeoutMs)
    if (!found) throw new Error(`no ${type ?? 'frame'} within ${timeoutMs} ms; had ${JSON.stringify(this.#frames)}`)
    return found
  }

  /** The next frame that the condition holds for; others before it are passed over. */
  async nextWhere(holds: (frame: Frame) => boolean, timeoutMs = 5_000): Promise<Frame> {
    const found = await this.#until(() => {
      const index = this.#frames.findIndex(holds)
      return index >= 0 ? this.#frames.splice(0, index + 1).at(-1) : undefined
    }, timeoutMs)
    if (!found) throw new Error(`no such frame within ${timeoutMs} ms; had ${JSON.stringify(this.#frames)}`)
    return found
  }

  /** All frames that have come and were not asked for yet. */
  pending(): Frame[] {
    return [...this.#frames]
  }

  /** How the server closed it. */
  async closed(timeoutMs = 5_000): Promise<{ code: number; reason: string }> {
    const close = await this.#until(() => this.#close, timeoutMs)
    if (!close) throw new Error(`still open after ${timeoutMs} ms`)
    return close
  }

  /** Whether the server holds it open. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /**
   * When it resolves, the server has taken what was sent before, and what it answers without waiting is here. Two round
   * trips: a pong may overtake the frames of its own turn of the server, but not those of an earlier one.
   */
  async ping(): Promise<void> {
    await this.#roundTrip()
    await this.#roundTrip()
  }

  #roundTrip(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('pong', () => resolve())
      this.#socket.ping()
    })
  }

  /** Closes it as a client does, and waits for the server's answer. */
  async close(): Promise<void> {
    if (this.#close) return
    this.#socket.close(1000)
    await this.closed()
  }

  /** Reads nothing more, as a client does that has no time for it. */
  pause(): void {
    this.#socket.pause()
  }

  /** Reads on after a pause. */
  resume(): void {
    this.#socket.resume()
  }

  /** Cuts it without a word. */
  terminate(): void {
    this.#socket.terminate()
  }

  #take(data: RawData, isBinary: boolean): void {
    try {
      if (isBinary) throw new Error(`frames are text, and this is none: ${String(data)}`)
      const frame: Frame = JSON.parse(String(data))
      this.#frames.push(frame)
      this.#check(frame)
    } catch (error) {
      this.#undocumented ??= complain(error)
    }
  }

  #notify(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }

  async #until<T>(look: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    // By a clock that no test sets.
    const deadline = performance.now() + timeoutMs
    for (;;) {
      if (this.#undocumented) throw this.#undocumented
      const found = look()
      if (found !== undefined || this.#close) return found
      const left = deadline - performance.now()
      if (left <= 0) return undefined
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
}
