import { Api } from '@confab/testkit/api'
import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { TestSocket } from '@confab/testkit/socket'
import { beforeAll, describe, expect, test, vi } from 'vitest'

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('limits on two servers with one Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()
  let one: TestServer
  let other: TestServer

  beforeAll(async () => {
    const rates = { RATE_SEARCH: '10/600', RATE_LOGIN: '100/600', RATE_REFUSED: '10/600' }
    const bounds = { RATE_LIMIT_FACTOR: '1', MAX_SOCKETS_PER_USER: '3', ...rates }
    one = await startTestServer({ REDIS_URL: redis?.url ?? '', TRUST_PROXY: 'true', ...bounds })
    other = await one.node()
    for (const { anonymous } of [one, other]) {
      await vi.waitFor(async () => expect((await anonymous.get('/readyz')).body.bus).toBe('up'), { timeout: 20_000 })
    }
  })

  /** The statuses of calls of both servers in turn, one after the other. */
  const inTurn = async (times: number, call: (server: TestServer) => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let time = 0; time < times; time++) statuses.push((await call(time % 2 === 0 ? one : other)).status)
    return statuses
  }

  test('one budget is for both together', async () => {
    const ada = await one.person('ada')
    const search = (server: TestServer) => server.as(ada).get('/api/search/messages/?q=tea')

    expect(await inTurn(10, search)).toEqual(Array(10).fill(200))

    const refused = await search(other)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500)
  })

  test('calls at the same time get no more than the budget', async () => {
    const bob = await one.person('bob')

    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) => (index % 2 ? one : other).as(bob).get('/api/search/messages/?q=tea')),
    )

    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(10)
  })

  test('refused tokens are counted by both together', async () => {
    // From an address of its own: from there nobody new is let in for some time.
    const headers = { 'x-forwarded-for': '192.0.2.1' }
    const guess = (server: TestServer) => new Api(server.url, 'guess').get('/api/profile/', { headers })

    expect(await inTurn(12, guess)).toEqual([...Array(10).fill(401), 429, 429])
  })

  test('wrong passwords are counted by both together, and a right one forgets them on both', async () => {
    const cyd = await one.person('cyd')
    const login = (password: string) => (server: TestServer) =>
      server.anonymous.post('/api/login/', { identifier: cyd.username, password })

    expect(await inTurn(6, login('wrong'))).toEqual([400, 400, 400, 400, 400, 429])
    await expect.poll(async () => (await login(PASSWORD)(other)).status, { interval: 200 }).toBe(200)

    expect(await inTurn(5, login('wrong'))).toEqual([400, 400, 400, 400, 400])
  })

  describe('the sockets of a person', () => {
    /** Opens a sidebar; undefined where that is one too many. */
    const open = (server: TestServer, person: Person): Promise<TestSocket | undefined> =>
      server
        .as(person)
        .connect('/ws/sidebar/')
        .catch((error: Error) => {
          if (error.message !== 'refused: 429') throw error
          return undefined
        })

    const stays = (socket: TestSocket | undefined) => socket?.isOpen

    /** How many sockets each server knows of on the other. */
    const known = (person: Person) =>
      [other, one].map(({ core }) => core.services.presence.socketsElsewhere(person.id).all)

    test('are counted by both together, and one that is closed makes room on either', async () => {
      const eve = await one.person('eve')
      const sockets = [await open(one, eve), await open(other, eve), await open(other, eve)]
      await expect.poll(() => known(eve)).toEqual([1, 2])

      expect([await open(one, eve), await open(other, eve)]).toEqual([undefined, undefined])
      expect(sockets.map(stays)).toEqual([true, true, true])

      await sockets[2]?.close()
      await expect.poll(() => open(one, eve)).toBeDefined()
      await expect.poll(() => known(eve)).toEqual([2, 1])
      expect(await open(other, eve)).toBeUndefined()
    })

    test('are no more than they may be, however many are opened at the same moment on one of them', async () => {
      const gus = await one.person('gus')
      const sockets = await Promise.all(Array.from({ length: 12 }, () => open(one, gus)))

      expect(sockets.filter((socket) => socket !== undefined)).toHaveLength(3)
      expect(sockets.filter(stays)).toHaveLength(3)
    })

    test('are no more than they may be once both know of those that were opened at the same time', async () => {
      const fay = await one.person('fay')
      const sockets = await Promise.all([one, other, one, other, one, other].map((server) => open(server, fay)))

      const counts = () => [known(fay).reduce((sum, count) => sum + count), sockets.filter(stays).length]
      await expect.poll(counts).toEqual([3, 3])
      const shed = sockets.filter((socket) => socket && !stays(socket))
      for (const socket of shed) {
        expect(await socket?.closed()).toEqual({ code: 4029, reason: 'too_many_sockets:5000' })
      }
      expect([await open(one, fay), await open(other, fay)]).toEqual([undefined, undefined])
      expect(sockets.filter(stays)).toHaveLength(3)
    })
  })

  test('while Redis is away each counts by itself, and nobody waits until it is back', async () => {
    const dan = await one.person('dan')
    await redis?.stop('SIGKILL')

    const search = (server: TestServer) => server.as(dan).get('/api/search/messages/?q=tea')
    const statuses = await inTurn(24, search)

    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    for (const server of [one, other, one, other, one, other]) await server.as(dan).connect('/ws/sidebar/')
    await expect(one.as(dan).connect('/ws/sidebar/')).rejects.toThrow('refused: 429')
  })
})
