import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { missingRedis, startTestRedis, type TestRedis } from '@confab/testkit/redis'
import { startTestServer, type TestServer } from '@confab/testkit/server'
import { afterAll, describe, expect, test } from 'vitest'
import { leaveOnlyTheBus } from './testing.ts'

const isMissing = missingRedis() !== undefined
const run = promisify(execFile)

/** Two servers with a Redis of some form, and rooms that both follow. */
async function startPair(url: string) {
  const one = await startTestServer({ REDIS_URL: url, RATE_LIMIT_FACTOR: '1', RATE_REGISTER: '100/60' })
  const other = await one.node()
  const [ada, bob] = await one.people('ada', 'bob')
  const bothUp = () =>
    expect
      .poll(async () => [await busOf(one), await busOf(other)], { timeout: 20_000, interval: 100 })
      .toEqual(['up', 'up'])
  await bothUp()
  return { one, other, ada, bob, bothUp }
}

const busOf = async (server: TestServer) => (await server.anonymous.get('/readyz')).body.bus

/** Sends into a room through one server until three in a row have come to a socket of the other by the bus. */
async function expectCarried({ one, other, ada, bob }: Pair) {
  const room = await one.group(ada, [bob])
  const socket = await other.as(bob).connect(`/ws/chat/${room.id}/`)
  const end = leaveOnlyTheBus(one, other)
  let heard = 0
  const sendOne = async () => {
    const { body } = await ada.post(`/api/chatrooms/${room.id}/messages/`, { content: `after ${heard}` })
    // One that is lost comes with the next that is not: only what comes alone was carried.
    const isHeard = await socket
      .nextWhere((frame) => idOf(frame) === body.id, 1_000)
      .then(
        () => true,
        () => false,
      )
    heard = isHeard ? heard + 1 : 0
    return heard
  }
  await expect.poll(sendOne, { timeout: 20_000, interval: 1 }).toBeGreaterThanOrEqual(3)
  end()
}

const idOf = ({ message }: Record<string, unknown>): unknown => Reflect.get(Object(message), 'id')

type Pair = Pick<Awaited<ReturnType<typeof startPair>>, 'one' | 'other' | 'ada' | 'bob'>

describe.skipIf(isMissing)('a cluster of three', async () => {
  const servers: TestRedis[] = []
  for (let index = 0; !isMissing && index < 3; index++) {
    const flags = ['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no']
    servers.push(await startTestRedis({ isClustered: true, flags }))
  }
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)

  test('carries the topics of each of its servers, and goes on with those that are left', async () => {
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'])
    const pair = await startPair(`redis+cluster://${addresses.join()}`)

    for (let room = 0; room < 6; room++) await expectCarried(pair)

    await servers[2]?.stop('SIGKILL')
    const { one, other, ada, bob } = pair
    for (let time = 0; time < 4; time++) {
      const room = await one.group(ada, [bob])
      const socket = await other.as(bob).connect(`/ws/chat/${room.id}/`)
      expect((await ada.post(`/api/chatrooms/${room.id}/messages/`, { content: 'still' })).status).toBe(201)
      expect(await socket.next('new_message')).toMatchObject({ message: { content: 'still' } })
    }
  }, 90_000)
})

describe.skipIf(isMissing)('a master with a replica and a sentinel', async () => {
  const master = isMissing ? undefined : await startTestRedis()
  const replica = isMissing
    ? undefined
    : await startTestRedis({ flags: ['--replicaof', '127.0.0.1', String(master?.port)] })
  const file = path.join(tmpdir(), `confab-sentinel-${process.pid}.conf`)
  afterAll(() => rm(file, { force: true }))
  await writeFile(
    file,
    [
      `sentinel monitor main 127.0.0.1 ${master?.port} 1`,
      'sentinel down-after-milliseconds main 1000',
      'sentinel failover-timeout main 3000',
      '',
    ].join('\n'),
  )
  const sentinel = isMissing ? undefined : await startTestRedis({ flags: ['--sentinel'], file })

  test('carries topics, and does again when the replica has taken over', async () => {
    const info = async (port = 0) => (await run('redis-cli', ['-p', String(port), 'info', 'replication'])).stdout
    await expect.poll(() => info(replica?.port), { timeout: 20_000, interval: 200 }).toContain('master_link_status:up')
    await expect
      .poll(async () => (await run('redis-cli', ['-p', String(sentinel?.port), 'info', 'sentinel'])).stdout, {
        timeout: 20_000,
        interval: 200,
      })
      .toContain('slaves=1')
    const pair = await startPair(`redis+sentinel://127.0.0.1:${sentinel?.port}/main`)
    await expectCarried(pair)

    await master?.stop('SIGKILL')
    await expect.poll(() => busOf(pair.one), { timeout: 10_000 }).toBe('down')
    await expect.poll(() => info(replica?.port), { timeout: 20_000, interval: 200 }).toContain('role:master')
    await pair.bothUp()

    await expectCarried(pair)
  }, 90_000)
})
