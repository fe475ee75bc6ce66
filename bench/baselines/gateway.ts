/**
 * What a gateway costs at the least: `ws`, and `send` on every socket that follows the room. It answers `hello` and
 * `message.send` in the shapes of Confab, and tells each message in a frame as large; it knows nobody and checks nothing.
 * Sockets say which rooms they follow by `?rooms=1,2`.
 *
 *     --database URL     stores each message first, by a batched INSERT; without, nothing is stored
 *     --port N           instead of a free one
 *     --ready-bytes N    how large its `ready` frames are
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type WebSocket, WebSocketServer } from 'ws'
import { BatchedInsert } from './batched-insert.ts'

/** As Confab spreads those that it sends away at its end. */
const DRAIN_SPREAD_MS = 3_000

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    port: { type: 'string', default: '0' },
    'ready-bytes': { type: 'string', default: '500' },
  },
})
const messages = values.database === undefined ? undefined : await BatchedInsert.open(values.database)
const filling = 'x'.repeat(Number(values['ready-bytes']))
const ready = JSON.stringify({ type: 'ready', epoch: 'bare', resumed: true, positions: {}, filling })
const followers = new Map<string, Set<WebSocket>>()
let id = 0

async function onMessage(socket: WebSocket, text: string): Promise<void> {
  const { type, ref, room, content, client_id } = Object(JSON.parse(text))
  if (type === 'hello') return socket.send(ready)
  const stored = messages ? await messages.store(room, content) : ++id
  const message = {
    id: stored,
    room,
    sender: { id: 1, username: 'bench_00001' },
    content,
    timestamp: new Date().toISOString(),
    image: null,
    thumbnail: null,
    image_width: null,
    image_height: null,
    read_statuses: [],
    edited_at: null,
    no: stored,
    client_id,
  }
  const frame = JSON.stringify({ type: 'message.created', topic: `room:${room}`, seq: stored, data: { message } })
  for (const follower of followers.get(String(room)) ?? []) follower.send(frame)
  socket.send(JSON.stringify({ type: 'ack', ref, data: { message, is_new: true } }))
}

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(values.port), perMessageDeflate: false })
server.on('connection', (socket, request) => {
  const rooms =
    URL.parse(request.url ?? '/', 'http://localhost')
      ?.searchParams.get('rooms')
      ?.split(',') ?? []
  for (const room of rooms) {
    const those = followers.get(room) ?? new Set()
    followers.set(room, those.add(socket))
  }
  socket.on('message', (data) => void onMessage(socket, data.toString()))
  socket.on('error', () => {})
  socket.on('close', () => {
    for (const room of rooms) followers.get(room)?.delete(socket)
  })
})

process.once('SIGTERM', () => {
  for (const socket of server.clients) {
    socket.close(4000, `server_draining:${Math.round(Math.random() * DRAIN_SPREAD_MS)}`)
  }
  // Once the last socket has closed.
  server.close(() => process.exit())
})
process.once('disconnect', () => process.exit())
await once(server, 'listening')
const address = server.address()
if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` })
