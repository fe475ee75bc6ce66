import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { clientFrame, FrameReader, opcodes } from './frames.ts'

/** What a socket tells. */
export type SocketEvents = Readonly<{
  /** A text frame, as part of a larger buffer. */
  onText(payload: Buffer): void
  /** The socket is closed: with the code and reason of the close frame, or 1006 where there was none. Called once. */
  onClose(code: number, reason: string): void
}>

/** Any 16 bytes: what the server makes of it is not looked at. */
const KEY = Buffer.alloc(16, 'bench').toString('base64')

/** A socket of a client that is cheap enough to open thousands of, and to hear hundreds of thousands of frames from. */
export class GatewaySocket {
  readonly #socket: Socket
  #closed: [code: number, reason: string] = [1006, '']

  private constructor(socket: Socket, { onText, onClose }: SocketEvents) {
    this.#socket = socket
    const reader = new FrameReader((opcode, payload) => {
      if (opcode === opcodes.text) onText(payload)
      else this.#onControl(opcode, payload)
    })
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    socket.on('error', () => {})
    socket.once('close', () => onClose(...this.#closed))
  }

  /**
   * Opens a socket.
   *
   * @param extensions what to offer in `Sec-WebSocket-Extensions`
   * @throws Error where the server refuses or cannot be reached
   */
  static async connect(url: string, events: SocketEvents, extensions?: string): Promise<GatewaySocket> {
    const asked = request(url.replace(/^ws/, 'http'), {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': KEY,
        ...(extensions === undefined ? {} : { 'sec-websocket-extensions': extensions }),
      },
    })
    asked.end()
    const answered = await Promise.race([
      once(asked, 'upgrade'),
      once(asked, 'response').then(([response]) => {
        asked.destroy()
        throw new Error(`a socket was refused with status ${response.statusCode}`)
      }),
    ])
    const [, socket, head]: [unknown, Socket, Buffer] = [answered[0], answered[1], answered[2]]
    const opened = new GatewaySocket(socket, events)
    if (head.length > 0) socket.unshift(head)
    return opened
  }

  send(text: string): void {
    this.#write(opcodes.text, Buffer.from(text))
  }

  /** Closes without a word, as a client does that loses its network. */
  cut(): void {
    this.#socket.destroy()
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.#socket.writable) this.#socket.write(clientFrame(opcode, payload))
  }

  #onControl(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.ping) this.#write(opcodes.pong, Buffer.from(payload))
    if (opcode !== opcodes.close) return
    if (payload.length >= 2) this.#closed = [payload.readUInt16BE(0), payload.toString('utf8', 2)]
    this.#write(opcodes.close, Buffer.from(payload))
    this.#socket.end()
  }
}
