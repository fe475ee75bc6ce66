import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { expect, test } from 'vitest'

const urlOf = (server: TestServer, path: string) => server.url.replace('http', 'ws') + path

/** A socket that the server itself has to close: the test does not. */
const sockets: Record<string, (server: TestServer, person: Person) => Promise<TestSocket>> = {
  async gateway(server, { token }) {
    const socket = await TestSocket.open(urlOf(server, '/ws/'), { protocols: ['confab.v1', `bearer.${token}`] })
    socket.send({ type: 'hello' })
    await socket.next('ready')
    return socket
  },
  sidebar: (server, { token }) => TestSocket.open(urlOf(server, `/ws/sidebar/?token=${token}`)),
}

test.each(Object.entries(sockets))('a server that stops closes the %s and says when to come back', async (_, open) => {
  const server = await startTestServer()
  const socket = await open(server, await server.person())

  await server.close()

  const { code, reason } = await socket.closed()
  expect(code).toBe(4000)
  expect(Number(/^server_draining:(\d+)$/.exec(reason)?.[1])).toBeLessThanOrEqual(3_000)
})
