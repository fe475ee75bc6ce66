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

  expect(await waitOf(socket)).toBeLessThanOrEqual(3_000)
})

test('clients of a server that stops are told to come back one after the other, over three seconds', async () => {
  const server = await startTestServer()
  const person = await server.person()
  const opened = await Promise.all(Array.from({ length: 20 }, () => sockets.gateway?.(server, person)))

  await server.close()

  const waits = await Promise.all(opened.map((socket) => (socket ? waitOf(socket) : Number.NaN)))
  expect(new Set(waits).size).toBeGreaterThan(10)
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(500)
})

/** The milliseconds that a client is told to wait. */
async function waitOf(socket: TestSocket): Promise<number> {
  const { code, reason } = await socket.closed()
  expect(code).toBe(4000)
  return Number(/^server_draining:(\d+)$/.exec(reason)?.[1])
}
