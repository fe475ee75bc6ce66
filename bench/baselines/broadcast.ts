/**
 * What telling sockets of a message costs at the least: `ws`, and `send` on every open socket. A message comes as it does
 * at Confab, by POST, and its frame is as large, but nothing is stored or checked.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { WebSocketServer } from 'ws'

const server = createServer(async (request, response) => {
  const body = Object(await json(request))
  id += 1
  const message = {
    id,
    room: 1,
    sender: { id: 1, username: 'bench_00001' },
    content: body.content,
    timestamp: new Date().toISOString(),
    image: null,
    thumbnail: null,
    image_width: null,
    image_height: null,
    read_statuses: [],
    edited_at: null,
    no: id,
    client_id: null,
  }
  const frame = JSON.stringify({ type: 'new_message', message })
  for (const socket of sockets.clients) socket.send(frame)
  response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(message))
})
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
let id = 0

server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
process.once('disconnect', () => process.exit())
if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` })
