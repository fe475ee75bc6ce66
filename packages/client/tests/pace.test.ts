import { GatewaySocket } from '@confab/client/socket'
import { startTestServer } from '@confab/testkit/server'
import { expect, onTestFinished, test } from 'vitest'

test('a client sends no more than the server takes, however few that are', async () => {
  const server = await startTestServer({ RATE_LIMIT_FACTOR: '1', SOCKET_FRAMES_PER_SECOND: '5' })
  const [ada, bob] = await server.people('ada', 'bob')
  const room = (await server.group(ada, [bob])).id
  const ready = Promise.withResolvers<void>()
  const socket = new GatewaySocket(
    { url: `${server.url.replace('http', 'ws')}/ws/`, token: ada.token ?? '', resume: undefined, WebSocket },
    { onFrame: ({ type }) => type === 'ready' && ready.resolve(), onClose: () => {} },
  )
  onTestFinished(() => socket.close())
  await ready.promise

  const commands = Array.from({ length: 25 }, () => socket.command('typing.stop', { room }))

  for (const answer of await Promise.allSettled(commands)) expect(answer).toMatchObject({ status: 'fulfilled' })
})
