/**
 * What permessage-deflate (RFC 7692) costs and saves: tells the next of some recorded frames to every socket whenever one
 * sends anything. Arguments: a JSON file with the texts of the frames, and how to compress them.
 *
 *     none           not at all: each frame is built once and its bytes are written to every socket, as Confab does
 *     context        `ws` as it comes: a compressor for each socket, which knows the frames that went before
 *     no-context     `ws` with `server_no_context_takeover`: each frame by itself, for each socket again
 *     shared         each frame by itself, once for all sockets
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { constants, deflateRawSync } from 'node:zlib'
import { type PerMessageDeflateOptions, type WebSocket, WebSocketServer } from 'ws'

/** How frames may be compressed. */
export type Compression = 'none' | 'context' | 'no-context' | 'shared'

const FINAL_TEXT = 0x81
const COMPRESSED = 0x40

const [file = '', how = 'none'] = process.argv.slice(2)
const recorded: unknown = JSON.parse(await readFile(file, 'utf8'))
const texts = Array.isArray(recorded) ? recorded.map(String) : []
const options: Readonly<Record<string, PerMessageDeflateOptions | false>> = {
  none: false,
  // Even short frames, which `ws` leaves as they are.
  context: { threshold: 0 },
  'no-context': { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  shared: { serverNoContextTakeover: true, clientNoContextTakeover: true },
}

function buildFrame(text: string): Buffer {
  const payload = how === 'shared' ? deflate(Buffer.from(text)) : Buffer.from(text)
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header[0] = FINAL_TEXT | (how === 'shared' ? COMPRESSED : 0)
  header[1] = header.length === 2 ? length : header.length === 4 ? 126 : 127
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

/** Without the empty block at the end, as section 7.2.1 has it. */
function deflate(payload: Buffer): Buffer {
  return deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

function tellAll(text: string): void {
  if (how === 'context' || how === 'no-context') {
    for (const socket of server.clients) socket.send(text)
    return
  }
  const frame = buildFrame(text)
  for (const socket of server.clients) write(socket, frame)
}

function write(socket: WebSocket, frame: Buffer): void {
  const stream: unknown = Reflect.get(socket, '_socket')
  if (stream instanceof Socket) stream.write(frame)
}

let told = 0
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: options[how] ?? false })
server.on('connection', (socket) => {
  socket.on('message', () => tellAll(texts[told++ % texts.length] ?? ''))
  socket.on('error', () => {})
})
await once(server, 'listening')
const address = server.address()
process.once('disconnect', () => process.exit())
if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` })
