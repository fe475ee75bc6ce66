import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { PASSWORD, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, describe, expect, test } from 'vitest'

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('limits on two servers with one Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()
  let one: TestServer
  let other: TestServer

  beforeAll(async () => {
    const env = { REDIS_URL: redis?.url ?? '', RATE_LIMIT_FACTOR: '1', RATE_SEARCH: '10/600', RATE_LOGIN: '100/600' }
    one = await startTestServer(env)
    other = await one.node()
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

  test('wrong passwords are counted by both together, and a right one forgets them on both', async () => {
    const cyd = await one.person('cyd')
    const login = (password: string) => (server: TestServer) =>
      server.anonymous.post('/api/login/', { identifier: cyd.username, password })

    expect(await inTurn(6, login('wrong'))).toEqual([400, 400, 400, 400, 400, 429])
    await expect.poll(async () => (await login(PASSWORD)(other)).status, { interval: 200 }).toBe(200)

    expect(await inTurn(5, login('wrong'))).toEqual([400, 400, 400, 400, 400])
  })

  test('while Redis is away each counts by itself, and nobody waits until it is back', async () => {
    const dan = await one.person('dan')
    await redis?.stop('SIGKILL')

    const search = (server: TestServer) => server.as(dan).get('/api/search/messages/?q=tea')
    const statuses = await inTurn(24, search)

    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
  })
})
