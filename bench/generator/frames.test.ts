import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { clientFrame, FrameReader, opcodes } from './frames.ts'
import { GatewaySocket } from './gateway-socket.ts'

const texts = ['', 'short', 'x'.repeat(125), 'y'.repeat(126), 'é and ☃']
const long = 'z'.repeat(70_000)

/** A frame as a server sends it, by another implementation than the one under test. */
function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, payload.length]), payload])
  const header = Buffer.alloc(payload.length < 65_536 ? 4 : 10, 0)
  header[0] = 0x81
  header[1] = header.length === 4 ? 126 : 127
  header.writeUIntBE(payload.length, header.length === 4 ? 2 : 4, header.length === 4 ? 2 : 6)
  return Buffer.concat([header, payload])
}

test.each([
  [1, texts],
  [2, texts],
  [7, texts],
  [1_000, [...texts, long, 'after it']],
  [1_000_000, [long, ...texts]],
])('frames are read whole when they come %d bytes at a time', (size, sent) => {
  const bytes = Buffer.concat(sent.map(serverFrame))
  const read: string[] = []
  const reader = new FrameReader((_, payload) => read.push(payload.toString()))

  for (let start = 0; start < bytes.length; start += size) reader.push(bytes.subarray(start, start + size))

  expect(read).toEqual(sent)
})

test('a frame that no client of the benchmark sends is refused', () => {
  expect(() => clientFrame(opcodes.text, Buffer.alloc(65_536))).toThrow(RangeError)
})

test('what the generator sends is understood by ws, and the other way round', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      socket.send(data.toString())
      if (data.toString() === 'bye') socket.close(4000, 'server_draining:12')
    })
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const heard: string[] = []
  const closed = Promise.withResolvers<[number, string]>()
  const said = ['short', 'y'.repeat(300), 'bye']

  const socket = await GatewaySocket.connect(`ws://127.0.0.1:${port}/ws/`, {
    onText: (payload) => heard.push(payload.toString()),
    onClose: (code, reason) => closed.resolve([code, reason]),
  })
  for (const text of said) socket.send(text)

  expect(await closed.promise).toEqual([4000, 'server_draining:12'])
  expect(heard).toEqual(said)
  server.close()
})

test('a handshake that is refused says with what status', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => false })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0

  const opening = GatewaySocket.connect(`ws://127.0.0.1:${port}/`, { onText: () => {}, onClose: () => {} })

  await expect(opening).rejects.toThrow('401')
  server.close()
})
