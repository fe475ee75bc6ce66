import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame } from '@confab/testkit/socket'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { greetGateway } from '../../realtime/testing.ts'
import { Elsewhere } from './elsewhere.ts'

type Handler = (data: Record<string, unknown>) => void

/** A bus of several servers in one process that can lose what it is given, and be down. */
class LossyBus {
  readonly #handlers = new Map<string, Handler[]>()
  isDown = false
  loses = () => false

  /** What one server sees of it. */
  realtime() {
    return {
      notify: (type: string, data: Record<string, unknown>) => {
        if (this.isDown || this.loses()) return
        for (const handler of this.#handlers.get(type) ?? []) handler(structuredClone(data))
      },
      onNotice: (type: string, handler: Handler) => {
        this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), handler])
      },
      bus: { state: () => (this.isDown ? 'down' : 'up') as 'down' | 'up' },
    }
  }
}

/** A server with people on it, as the others see it. */
class Node {
  /** How many sockets each of them has. */
  readonly people = new Map<number, number>()
  readonly gone: number[] = []
  readonly counted: number[] = []
  readonly elsewhere: Elsewhere

  constructor(bus: LossyBus) {
    const { notify, onNotice, bus: state } = bus.realtime()
    this.elsewhere = new Elsewhere({
      realtime: { notify, onNotice, bus: state } as ConstructorParameters<typeof Elsewhere>[0]['realtime'],
      listPeople: () => this.people,
      onGone: (people) => this.gone.push(...people),
      onLeft: () => {},
      onTold: () => {},
      onCounted: (people) => this.counted.push(...people),
    })
    this.elsewhere.start()
  }

  arrive(id: number) {
    const sockets = (this.people.get(id) ?? 0) + 1
    this.people.set(id, sockets)
    this.elsewhere.tell({ on: sockets === 1 ? [id] : [], off: [], untold: [], counted: [[id, sockets]] })
  }

  leave(id: number) {
    const sockets = (this.people.get(id) ?? 0) - 1
    if (sockets > 0) this.people.set(id, sockets)
    else this.people.delete(id)
    this.elsewhere.tell({ on: [], off: sockets > 0 ? [] : [id], untold: [], counted: [[id, Math.max(0, sockets)]] })
  }
}

describe('among servers whose bus may lose things', () => {
  const ids = [1, 2, 3, 4, 5]
  const move = fc.record({
    node: fc.nat(2),
    id: fc.constantFrom(...ids),
    comes: fc.boolean(),
    isLost: fc.boolean(),
    waits: fc.constantFrom(0, 0, 100, 6_000),
  })

  test('each knows after one undisturbed beat who is on the others, whatever was lost before', () => {
    vi.useFakeTimers()
    try {
      fc.assert(
        fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
          const bus = new LossyBus()
          const nodes = [new Node(bus), new Node(bus), new Node(bus)]
          for (const { node, id, comes, isLost, waits } of moves) {
            bus.loses = () => isLost
            if (comes) nodes[node]?.arrive(id)
            else nodes[node]?.leave(id)
            vi.advanceTimersByTime(waits)
          }
          bus.loses = () => false
          vi.advanceTimersByTime(5_000)
          for (const node of nodes) {
            const others = nodes.filter((other) => other !== node)
            for (const id of ids) {
              expect(node.elsewhere.has(id)).toBe(others.some((other) => other.people.has(id)))
              const sockets = others.reduce((sum, other) => sum + (other.people.get(id) ?? 0), 0)
              expect(node.elsewhere.socketsOf(id).all).toBe(sockets)
            }
          }
          for (const node of nodes) node.elsewhere.stop(0)
          vi.clearAllTimers()
        }),
      )
    } finally {
      vi.useRealTimers()
    }
  })

  test('the people of a server that falls silent are gone after 30 s, and not before', () => {
    vi.useFakeTimers()
    try {
      const bus = new LossyBus()
      const one = new Node(bus)
      const killed = new Node(bus)
      killed.arrive(7)
      vi.advanceTimersByTime(5_000)
      bus.loses = () => true

      vi.advanceTimersByTime(29_000)
      expect(one.elsewhere.has(7)).toBe(true)
      expect(one.gone).toEqual([])

      vi.advanceTimersByTime(6_000)
      expect(one.elsewhere.has(7)).toBe(false)
      expect(one.gone).toEqual([7])
    } finally {
      vi.useRealTimers()
    }
  })

  test('of any two one comes before the other, and each hears whose sockets are counted', () => {
    vi.useFakeTimers()
    try {
      const bus = new LossyBus()
      const nodes = [new Node(bus), new Node(bus), new Node(bus)]
      for (const node of nodes) for (const id of [7, 7, 8]) node.arrive(id)
      vi.advanceTimersByTime(5_000)

      const found = nodes.map(({ elsewhere }) => elsewhere.socketsOf(7))
      expect(found.map(({ all }) => all)).toEqual([4, 4, 4])
      expect(found.map(({ before }) => before).sort()).toEqual([0, 2, 4])
      for (const { counted } of nodes) expect(counted).toEqual(expect.arrayContaining([7, 8]))
    } finally {
      vi.useRealTimers()
    }
  })

  test('the sockets of a server that falls silent are counted no more after 12 s, of one that leaves at once, and none while the bus is down', () => {
    vi.useFakeTimers()
    try {
      const bus = new LossyBus()
      const [one, killed, leaving] = [new Node(bus), new Node(bus), new Node(bus)]
      for (const node of [killed, leaving]) node.arrive(7)
      vi.advanceTimersByTime(5_000)
      const sockets = () => one.elsewhere.socketsOf(7).all
      expect(sockets()).toBe(2)

      bus.isDown = true
      expect(sockets()).toBe(0)
      bus.isDown = false

      leaving.elsewhere.stop(60_000)
      expect(sockets()).toBe(1)
      expect(one.elsewhere.has(7)).toBe(true)

      bus.loses = () => true
      vi.advanceTimersByTime(11_000)
      expect(sockets()).toBe(1)
      vi.advanceTimersByTime(6_000)
      expect(sockets()).toBe(0)
      expect(one.elsewhere.has(7)).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  test('while the bus is down nobody is taken for gone, and when it is back all is as it was', () => {
    vi.useFakeTimers()
    try {
      const bus = new LossyBus()
      const [one, other] = [new Node(bus), new Node(bus)]
      other.arrive(7)
      vi.advanceTimersByTime(5_000)
      bus.isDown = true

      vi.advanceTimersByTime(60_000)
      expect(one.elsewhere.has(7)).toBe(false)
      bus.isDown = false
      vi.advanceTimersByTime(5_000)

      expect(one.elsewhere.has(7)).toBe(true)
      vi.advanceTimersByTime(60_000)
      expect(one.gone).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('on two servers with one Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()
  let one: TestServer
  let other: TestServer
  let ada: Person
  let bob: Person

  beforeAll(async () => {
    one = await startTestServer({ REDIS_URL: redis?.url ?? '', PRESENCE_GRACE_SECONDS: '1' })
    other = await one.node()
    // Until each has read who is on the other, it learns of who comes there a moment later.
    const scout = await one.person('scout')
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      const socket = await here.as(scout).connect('/ws/sidebar/')
      await vi.waitUntil(() => there.core.services.presence.isOnline(scout.id), 20_000)
      await socket.close()
    }
  })

  beforeEach(async () => {
    ;[ada, bob] = await one.people('ada', 'bob')
    await one.befriend(ada, bob)
  })

  /** A third server, in touch with the others, whose people count as online for longer than it takes to stop. */
  async function startThird(): Promise<TestServer> {
    const third = await one.node({ PRESENCE_GRACE_SECONDS: '4' })
    await expect.poll(async () => (await third.anonymous.get('/readyz')).body.bus).toBe('up')
    return third
  }

  const isOfBob = (frame: Frame) => frame.type === 'presence' && frame.user_id === bob.id

  /** That Bob is online, or not. */
  const isBob = (isOnline: boolean) => (frame: Frame) => isOfBob(frame) && frame.online_status === isOnline

  /** Whether Ada's server shows Bob as online. */
  const isShown = async () => (await ada.get(`/api/friends/${bob.id}/`)).body.online_status

  test('somebody is online on both while a socket of theirs is open on either, and friends are told once', async () => {
    const watching = await ada.connect('/ws/sidebar/')
    const first = await other.as(bob).connect('/ws/sidebar/')
    expect(await watching.next('presence')).toMatchObject({ user_id: bob.id, online_status: true })
    expect(await isShown()).toBe(true)

    const second = await bob.connect('/ws/sidebar/')
    await first.close()
    await expect.poll(() => other.core.services.presence.size).toBe(0)
    expect(await isShown()).toBe(true)
    await second.close()

    expect(await watching.next('presence')).toMatchObject({ user_id: bob.id, online_status: false })
    expect(watching.pending().filter(isOfBob)).toEqual([])
    await expect.poll(isShown).toBe(false)
    expect((await ada.get(`/api/friends/${bob.id}/`)).body.last_seen).toEqual(expect.any(String))
  })

  test('somebody who hides their presence is seen leaving by who watches them at the other server', async () => {
    const { socket: watching } = await greetGateway(one, ada)
    const { socket: bobs } = await greetGateway(other, other.as(bob))
    watching.send({ type: 'presence.watch', ref: 'watch', users: [bob.id] })
    await watching.nextWhere(({ ref }) => ref === 'watch')
    const ofBob = (status: string) => (frame: Frame) =>
      frame.type === 'presence' && Reflect.get(Object(frame.data), 'status') === status

    await other.as(bob).patch('/api/profile/', { presence_visibility: 'nobody' })
    await watching.nextWhere(ofBob('offline'))
    await other.as(bob).patch('/api/profile/', { presence_visibility: 'everyone' })

    expect(await watching.nextWhere(ofBob('online'))).toMatchObject({ data: { user_id: bob.id, online_status: true } })
    await bobs.close()
  })

  test('somebody who leaves both at the same moment is told to be offline', async () => {
    const watching = await ada.connect('/ws/sidebar/')
    const sockets = await Promise.all([bob, other.as(bob)].map((person) => person.connect('/ws/sidebar/')))
    await watching.nextWhere(isBob(true))

    await Promise.all(sockets.map((socket) => socket.close()))

    await watching.nextWhere(isBob(false))
    expect(await isShown()).toBe(false)
  })

  test('somebody who comes to one server just when they count as gone on another is told to be online', async () => {
    const watching = await ada.connect('/ws/sidebar/')
    const first = await other.as(bob).connect('/ws/sidebar/')
    await watching.nextWhere(isBob(true))
    await first.close()
    await vi.waitFor(() => expect(other.core.services.presence.size).toBe(0), { timeout: 10_000, interval: 1 })

    await bob.connect('/ws/sidebar/')

    await watching.nextWhere(isBob(true))
    expect(await isShown()).toBe(true)
  })

  test('of a server that stops, who does not come to another is offline after the grace period', async () => {
    const third = await startThird()
    const watching = await ada.connect('/ws/sidebar/')
    await third.as(bob).connect('/ws/sidebar/')
    await watching.nextWhere(isBob(true))
    await expect.poll(isShown).toBe(true)

    await third.close()
    expect(await isShown()).toBe(true)

    await watching.nextWhere(isBob(false), 15_000)
    expect(await isShown()).toBe(false)
  })

  test('of a server that stops, who has come to another stays online, and nobody is told otherwise', async () => {
    const third = await startThird()
    const watching = await ada.connect('/ws/sidebar/')
    await third.as(bob).connect('/ws/sidebar/')
    await watching.nextWhere(isBob(true))
    await expect.poll(isShown).toBe(true)

    await third.close()
    const back = await other.as(bob).connect('/ws/sidebar/')
    await expect.poll(() => one.core.services.presence.nodes).toBe(1)

    expect(await isShown()).toBe(true)
    expect(watching.pending().filter(isOfBob)).toEqual([])
    await back.close()
  })
})
