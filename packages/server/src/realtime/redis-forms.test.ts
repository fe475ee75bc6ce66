import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { missingRedis, startTestRedis, type TestRedis } from '@confab/testkit/redis'
import { startTestServer, type TestServer } from '@confab/testkit/server'
import { afterAll, describe, expect, test } from 'vitest'
import { redisPrefix } from '../lib/redis-prefix.ts'
import { leaveOnlyTheBus } from './testing.ts'

const isMissing = missingRedis() !== undefined
const run = promisify(execFile)

/** Two servers with a Redis of some form, and rooms that both follow. */
async function startPair(url: string) {
  const rates = { RATE_LIMIT_FACTOR: '1', RATE_SEARCH: '10/600', RATE_LOGIN: '100/600' }
  const one = await startTestServer({ REDIS_URL: url, ...rates })
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

/** A room of both, and a socket of the other server that follows it. */
async function openRoom({ one, other, ada, bob }: Pair) {
  const room = await one.group(ada, [bob])
  return { room, socket: await other.as(bob).connect(`/ws/chat/${room.id}/`) }
}

/** Sends into a room through one server until three in a row have come to a socket of the other by the bus. */
async function expectCarried(pair: Pair, opened?: Awaited<ReturnType<typeof openRoom>>) {
  const { one, other, ada } = pair
  const { room, socket } = opened ?? (await openRoom(pair))
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

/** That calls and wrong passwords are counted by both servers together. */
async function expectCounted({ one, other }: Pair) {
  const eve = await one.person('eve')
  const inTurn = async (times: number, call: (server: TestServer) => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let time = 0; time < times; time++) statuses.push((await call(time % 2 === 0 ? one : other)).status)
    return statuses
  }
  const search = (server: TestServer) => server.as(eve).get('/api/search/messages/?q=tea')
  const logIn = ({ anonymous }: TestServer) =>
    anonymous.post('/api/login/', { identifier: eve.username, password: 'wrong' })

  expect(await inTurn(12, search)).toEqual([...Array(10).fill(200), 429, 429])
  expect(await inTurn(6, logIn)).toEqual([...Array(5).fill(400), 429])
}

const idOf = ({ message }: Record<string, unknown>): unknown => Reflect.get(Object(message), 'id')

type Pair = Pick<Awaited<ReturnType<typeof startPair>>, 'one' | 'other' | 'ada' | 'bob'>

describe.skipIf(isMissing)('a cluster of three', async () => {
  const servers: TestRedis[] = []
  for (let index = 0; !isMissing && index < 3; index++) {
    const flags = ['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no']
    servers.push(await startTestRedis({ isClustered: true, flags }))
  }
  const ports = servers.map(({ port }) => port)
  const addresses = ports.map((port) => `127.0.0.1:${port}`)

  test('carries the topics of each of its servers, and goes on with those that are left', async () => {
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'])
    const pair = await startPair(`redis+cluster://${addresses.join()}`)

    for (let room = 0; room < 6; room++) await expectCarried(pair)
    for (let time = 0; time < 3; time++) await expectCounted(pair)

    const opened = await openRoom(pair)
    await moveChannel(ports, `${redisPrefix(pair.one.core.secretKey)}room:${opened.room.id}`)
    await expectCarried(pair, opened)

    await servers[2]?.stop('SIGKILL')
    const { one, other, ada, bob } = pair
    for (let time = 0; time < 4; time++) {
      const room = await one.group(ada, [bob])
      const socket = await other.as(bob).connect(`/ws/chat/${room.id}/`)
      expect((await ada.post(`/api/chatrooms/${room.id}/messages/`, { content: 'still' })).status).toBe(201)
      expect(await socket.next('new_message')).toMatchObject({ message: { content: 'still' } })
    }
  }, 180_000)
})

/** Gives a channel to another server of the cluster, as one does who adds a server to it. */
async function moveChannel(ports: readonly number[], channel: string): Promise<void> {
  const ask = async (port: number, ...words: string[]) =>
    (await run('redis-cli', ['-p', String(port), ...words])).stdout.trim()
  const answers = await Promise.all(ports.map(async (port) => ({ port, answer: await ask(port, 'exists', channel) })))
  const { port: from = 0 } = answers.find(({ answer }) => !answer.startsWith('MOVED')) ?? {}
  const to = ports.find((port) => port !== from) ?? 0
  // A slot that has keys is not given away so simply.
  await ask(from, 'flushall')
  const slot = await ask(from, 'cluster', 'keyslot', channel)
  const [idOfFrom, idOfTo] = [await ask(from, 'cluster', 'myid'), await ask(to, 'cluster', 'myid')]
  const set = async (port: number, ...words: string[]) =>
    expect(await ask(port, 'cluster', 'setslot', slot, ...words)).toBe('OK')
  // One that was about to import a slot takes it in a new epoch: without that, the third may side with the old owner.
  await set(to, 'importing', idOfFrom)
  await set(from, 'migrating', idOfTo)
  await set(to, 'node', idOfTo)
  await set(from, 'node', idOfTo)
}

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
    await expectCounted(pair)

    await master?.stop('SIGKILL')
    await expect.poll(() => busOf(pair.one), { timeout: 10_000 }).toBe('down')
    await expect.poll(() => info(replica?.port), { timeout: 20_000, interval: 200 }).toContain('role:master')
    await pair.bothUp()

    await expectCarried(pair)
    await expectCounted(pair)
  }, 180_000)
})
