import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { TestSocket } from './socket.ts'
import { requireDocumented, takeComplaints } from './undocumented.ts'

/** Publishes that it sends `{type: 'told', text: string}`. */
const document = {
  channels: { only: { address: '/ws/', messages: { Told: { $ref: '#/components/messages/Told' } } } },
  operations: {
    sendOnly: {
      action: 'send',
      channel: { $ref: '#/channels/only' },
      messages: [{ $ref: '#/channels/only/messages/Told' }],
    },
  },
  components: {
    messages: { Told: { payload: { $ref: '#/components/schemas/Told' } } },
    schemas: {
      Told: {
        type: 'object',
        required: ['type', 'text'],
        properties: { type: { const: 'told' }, text: { type: 'string' } },
      },
    },
  },
}

/**
 * A socket of a server that sends these frames to whoever comes, whatever it publishes. What a server publishes is read once
 * for its address, and its port may have been another's before: no other test has servers at this name.
 */
async function openOneThatSends(...frames: (string | Buffer)[]): Promise<TestSocket> {
  const http = createServer((_request, response) => response.end(JSON.stringify(document))).listen(0, 'localhost')
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    for (const frame of frames) socket.send(frame)
  })
  await once(http, 'listening')
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const socket = await TestSocket.open(`ws://localhost:${port}/ws/`)
  onTestFinished(() => {
    socket.terminate()
    sockets.close()
    http.close()
  })
  return socket
}

const PUBLISHED = JSON.stringify({ type: 'told', text: 'as published' })

test('frames as they are published come in their order', async () => {
  const socket = await openOneThatSends(PUBLISHED, PUBLISHED)
  expect(await socket.next()).toEqual({ type: 'told', text: 'as published' })
  expect(await socket.next('told')).toEqual({ type: 'told', text: 'as published' })
  expect(takeComplaints()).toEqual([])
})

test.each([
  ['a frame that is not published', '{"type":"unheard"}', 'no such frame is published'],
  ['a frame of another form', '{"type":"told","text":7}', 'not as published'],
  ['what is no JSON', 'told', 'JSON'],
  ['a frame that is no text', Buffer.from(PUBLISHED), 'frames are text'],
])(
  '%s is thrown by what waits next, and fails the test at its end, wherever that was caught',
  async (_what, frame, reason) => {
    const socket = await openOneThatSends(PUBLISHED, frame)
    await socket.ping()
    await expect(socket.next('told')).rejects.toThrow(reason)
    await expect(socket.nextWhere(() => true)).rejects.toThrow(reason)
    expect(requireDocumented).toThrow(reason)
    expect(requireDocumented).not.toThrow()
  },
)

test('a frame that is not published fails the test at its end, where nothing waited for it', async () => {
  const socket = await openOneThatSends('{"type":"unheard"}')
  await socket.ping()
  expect(requireDocumented).toThrow('no such frame is published')
})
