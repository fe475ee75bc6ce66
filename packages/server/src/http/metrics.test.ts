import { freePort } from '@confab/testkit/free-port'
import { startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ NODE_ID: 'north-1' })
})

/** The value of the series that begins so; undefined where there is none. */
const valueIn = (text: string, series: string) => {
  const line = text.split('\n').find((one) => one.startsWith(series))
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1))
}

const scrape = async () => String((await server.anonymous.get('/metrics')).body)

test('say what the server does, under its name', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const room = await server.group(ada, [bob])
  const sockets = await Promise.all([ada, bob].map((person) => person.connect(`/ws/chat/${room.id}/`)))
  const before = await scrape()
  for (let index = 0; index < 3; index++) await ada.post(`/api/chatrooms/${room.id}/messages/`, { content: 'Hello' })
  for (const socket of sockets) for (let index = 0; index < 3; index++) await socket.next('new_message')

  const after = await scrape()

  const grown = (series: string) => (valueIn(after, series) ?? 0) - (valueIn(before, series) ?? 0)
  expect(after).toMatch(/confab_sockets\{node="north-1"\} 2\n/)
  expect(after).toMatch(/_request_seconds_count\{.*method="POST",route="[^"]+:\w+\/messages\/?",status="201".*\} 3\n/)
  expect(grown('confab_message_batch_size_sum')).toBe(3)
  expect(grown('confab_message_commit_seconds_count')).toBe(3)
  expect(grown('confab_events_in_total')).toBe(3)
  expect(grown('confab_events_out_total')).toBe(6)
  expect(valueIn(after, 'confab_hub_topics')).toBeGreaterThanOrEqual(1)
  expect(valueIn(after, 'confab_people_online')).toBe(2)
  expect(valueIn(after, 'confab_message_queue')).toBe(0)
  expect(valueIn(after, 'confab_bus_up')).toBe(1)
  expect(valueIn(after, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0)
})

test('say of each consumer of the log how much it has before it', async () => {
  const [dan, eve] = await server.people('dan', 'eve')
  await server.group(dan, [eve])
  const lags = async () => {
    const text = await scrape()
    return ['notifications', 'search'].map((name) => valueIn(text, `confab_consumer_lag_events{consumer="${name}"`))
  }

  await expect.poll(lags).toEqual([0, 0])
})

test('count the sockets that the server closed, by why', async () => {
  const cyd = await server.person('cyd')
  const socket = await cyd.connect('/ws/sidebar/')
  await cyd.post('/api/logout/', { refresh_token: cyd.refresh })
  await socket.closed()

  expect(await scrape()).toMatch(/confab_socket_closes_total\{.*reason="session_ended".*\} 1\n/)
})

test('without a token are not shown to whom a proxy speaks for', async () => {
  const reply = await server.anonymous.get('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })

  expect(reply.status).toBe(404)
})

test('with a token are shown to whoever has it, from anywhere', async () => {
  const guarded = await startTestServer({ METRICS_TOKEN: 'scrape-me-if-you-can' })
  const ask = (authorization?: string) =>
    guarded.anonymous.get('/metrics', {
      headers: { 'x-forwarded-for': '203.0.113.9', ...(authorization ? { authorization } : {}) },
    })

  expect((await ask()).status).toBe(401)
  expect((await ask('Bearer scrape-me-if-you-cannot')).status).toBe(401)
  expect(await ask('Bearer scrape-me-if-you-can')).toMatchObject({
    status: 200,
    body: expect.stringContaining('confab_sockets'),
  })
})

test('with a port of their own are there and nowhere else', async () => {
  const port = await freePort()
  const apart = await startTestServer({ METRICS_PORT: String(port) })

  expect((await apart.anonymous.get('/metrics')).status).toBe(404)
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain')
  expect((await fetch(`http://127.0.0.1:${port}/api/`)).status).toBe(404)
})
