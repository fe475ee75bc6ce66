import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { TestSocket } from '@confab/testkit/socket'
import fc from 'fast-check'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { leaveOnlyTheBus } from './testing.ts'

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('two servers and one Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()
  let one: TestServer
  let other: TestServer
  let ada: Person
  let bob: Person
  let room: { id: number }

  beforeAll(async () => {
    one = await startTestServer({ REDIS_URL: redis?.url ?? '', MAX_MESSAGE_CHARS: '100000' })
    other = await one.node()
    ;[ada, bob] = await one.people('ada', 'bob')
    room = await one.group(ada, [bob])
    bob = other.as(bob)
  })

  const send = async (person: Person, content: string) =>
    person.post(`/api/chatrooms/${room.id}/messages/`, { content })

  const hears = async (socket: TestSocket, content: string) => {
    await send(ada, content)
    await socket.nextWhere((frame) => contentOf(frame) === content)
  }

  /** Whoever is told of something again is told by the bus alone. */
  const hearsByTheBus = async (socket: TestSocket) => {
    // A topic that was not followed before is heard a moment after its socket opened.
    await hears(socket, `the first, ${Math.random()}`)
    leaveOnlyTheBus(one, other)
    for (let time = 0; time < 5; time++) await hears(socket, `${time}, ${Math.random()}`)
  }

  const busState = async (server: TestServer) => (await server.anonymous.get('/readyz')).body

  const busIs = (state: string) =>
    expect
      .poll(async () => [(await busState(one)).bus, (await busState(other)).bus], { timeout: 10_000 })
      .toEqual([state, state])

  test('deliver to each other at once', async () => {
    const socket = await bob.connect(`/ws/chat/${room.id}/`)

    await hearsByTheBus(socket)
    expect(await busState(other)).toMatchObject({ status: 'ready', bus: 'up' })
  })

  test('pass on what is not in the log: typing', async () => {
    const adas = await ada.connect(`/ws/chat/${room.id}/`)
    const bobs = await bob.connect(`/ws/chat/${room.id}/`)

    // A topic that was not followed before is heard a moment after its socket opened.
    const asking = setInterval(() => bobs.send({ type: 'typing' }), 100)
    const frame = await adas.next('typing').finally(() => clearInterval(asking))

    expect(frame).toMatchObject({ type: 'typing', username: bob.username })
  })

  test('deliver an event that is too large to be carried, too', async () => {
    const socket = await bob.connect(`/ws/chat/${room.id}/`)
    const content = `${'\u0001'.repeat(60_000)}end`

    expect((await send(ada, content)).status).toBe(201)

    expect(await socket.nextWhere((frame) => contentOf(frame) === content)).toMatchObject({ type: 'new_message' })
    await hearsByTheBus(socket)
  })

  test('whoever is removed on one is told by the bus on the other, and hears nothing more', async () => {
    const cyd = await one.person('cyd')
    const { id } = await one.group(ada, [cyd])
    const socket = await other.as(cyd).connect(`/ws/chat/${id}/`)
    await ada.post(`/api/chatrooms/${id}/messages/`, { content: 'welcome' })
    await socket.next('new_message')
    leaveOnlyTheBus(one, other)

    await ada.post(`/api/chatrooms/${id}/remove_member/`, { user_id: cyd.id })
    expect(await socket.closed()).toMatchObject({ code: 4503 })
  })

  test('a session that is ended on one is ended on the other by the bus, its sockets too', async () => {
    const dan = await one.person('dan')
    const elsewhere = other.as(dan)
    const socket = await elsewhere.connect('/ws/sidebar/')
    expect((await elsewhere.get('/api/profile/')).status).toBe(200)
    // What was looked up stays as fresh as it is, and what the other server finds by itself it keeps to itself.
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const found = vi.spyOn(other.core.services.authenticator, 'sessionsEnded').mockReturnValue()
    onTestFinished(() => found.mockRestore())

    await dan.post('/api/logout/', { refresh_token: dan.refresh })
    await socket.closed()

    expect((await elsewhere.get('/api/profile/')).status).toBe(401)
  })

  test('what is sent through both at the same time reaches everyone once and in one order', async () => {
    const sockets = await Promise.all([ada, bob].map((person) => person.connect(`/ws/chat/${room.id}/`)))
    const step = fc.record({ isAda: fc.boolean(), waits: fc.boolean() })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 25 }), async (steps) => {
        const name = `run ${run++}`
        const sent: Promise<{ body: { id: number } }>[] = []
        for (const [index, { isAda, waits }] of steps.entries()) {
          sent.push(send(isAda ? ada : bob, `${name}, ${index}`))
          if (waits) await sent.at(-1)
        }
        const ids = (await Promise.all(sent)).map((reply) => reply.body.id).sort((a, b) => a - b)
        for (const socket of sockets) {
          const heard: unknown[] = []
          for (const _ of ids) heard.push(idOf(await socket.next('new_message')))
          expect(heard).toEqual(ids)
        }
      }),
      { numRuns: 25 },
    )
    // Who has typed before stops at some time.
    for (const socket of sockets) {
      expect(socket.pending().filter(({ type }) => type === 'new_message')).toEqual([])
    }
  })

  test('go on without Redis through the log, and at once again when it is back, its memory lost', async () => {
    const socket = await bob.connect(`/ws/chat/${room.id}/`)
    await redis?.stop('SIGTERM')
    await busIs('down')

    await hears(socket, 'without Redis')
    expect(await busState(one)).toMatchObject({ status: 'ready', database: 'up' })

    await redis?.start()
    await busIs('up')
    await hearsByTheBus(socket)
  })

  test('go on with a Redis that is frozen, senders not waiting for it, and at once again when it goes on', async () => {
    const socket = await bob.connect(`/ws/chat/${room.id}/`)
    redis?.freeze()

    for (let index = 0; index < 20; index++) await send(ada, `frozen ${index}`)
    for (let index = 0; index < 20; index++) {
      expect(contentOf(await socket.next('new_message'))).toBe(`frozen ${index}`)
    }
    await busIs('down')
    const later = await other.person('later')
    expect(later.id).toBeGreaterThan(0)

    redis?.thaw()
    await busIs('up')
    await hearsByTheBus(socket)
  })
})

test('a server starts without the Redis it is to use, and says so', async () => {
  const server = await startTestServer({ REDIS_URL: 'redis://127.0.0.1:1' })

  expect(await server.anonymous.get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ready', database: 'up', bus: 'down' },
  })
})

function contentOf(frame: Record<string, unknown>): unknown {
  const { message } = frame
  return typeof message === 'object' && message !== null && 'content' in message ? message.content : undefined
}

function idOf(frame: Record<string, unknown>): unknown {
  const { message } = frame
  return typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined
}
