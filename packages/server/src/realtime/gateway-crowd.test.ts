/** What the gateway does where many come at the same moment. */
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { greetGateway, leaveOnlyTheBus } from './testing.ts'

/** As the server has them. */
const STARTS_AT_ONCE = 16
const MAX_STRANGERS = 2_000

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.person('ada')
})

async function openGateway(): Promise<TestSocket> {
  const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, { protocols: ['confab.v1'] })
  server.sockets.push(socket)
  return socket
}

async function metric(name: string): Promise<number> {
  const text = String((await server.anonymous.get('/metrics')).body)
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1])
}

test(`of many that come at once ${STARTS_AT_ONCE} start, and the others when it is their turn`, async () => {
  const others = 5
  const { hub } = server.core.services.realtime
  const { promise: mayStart, resolve: letStart } = Promise.withResolvers<void>()
  const subscribe = hub.subscribe.bind(hub)
  const held = vi.spyOn(hub, 'subscribe').mockImplementation((...args) => mayStart.then(() => subscribe(...args)))
  onTestFinished(() => held.mockRestore())

  const sockets = await Promise.all(Array.from({ length: STARTS_AT_ONCE + others }, openGateway))
  for (const socket of sockets) socket.send({ type: 'hello', token: ada.token })

  await expect.poll(() => metric('confab_sockets_waiting')).toBe(others)
  await expect.poll(() => held.mock.calls.length).toBe(STARTS_AT_ONCE)
  letStart()
  for (const socket of sockets) await socket.next('ready', 30_000)
  expect(await metric('confab_sockets_waiting')).toBe(0)
})

test(`of sockets of which nobody knows whose they are there are ${MAX_STRANGERS} at most, and more when one is known`, async () => {
  // So that none of them is closed for having said nothing.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const strangers: TestSocket[] = []
  try {
    while (strangers.length < MAX_STRANGERS)
      strangers.push(...(await Promise.all(Array.from({ length: 100 }, openGateway))))
    await expect(openGateway()).rejects.toThrow('refused: 503')

    const [first] = strangers
    first?.send({ type: 'hello', token: ada.token })
    await first?.next('ready')
    await openGateway()
    await expect(openGateway()).rejects.toThrow('refused: 503')
  } finally {
    vi.useRealTimers()
    for (const socket of server.sockets) socket.terminate()
  }
  await expect.poll(() => metric('confab_sockets')).toBe(0)
})

test('times that the log was read for what the bus had not brought are counted', async () => {
  const bob = await server.person('bob')
  const { id: room } = await server.group(ada, [bob])
  const elsewhere = await server.node()
  leaveOnlyTheBus(server)
  const { socket } = await greetGateway(server, bob)
  const before = await metric('confab_gap_fills_total')

  await elsewhere.as(ada).post(`/api/chatrooms/${room}/messages/`, { content: 'not heard of' })
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'heard' })

  const told = [await socket.next('message.created'), await socket.next('message.created')]
  expect(told).toMatchObject([
    { data: { message: { content: 'not heard of' } } },
    { data: { message: { content: 'heard' } } },
  ])
  // One of the room, and perhaps one of the person, who is notified by both servers.
  expect(await metric('confab_gap_fills_total')).toBeGreaterThan(before)
})
