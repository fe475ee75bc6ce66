import { Api, type Reply } from '@confab/testkit/api'
import { missingRedis, startTestRedis } from '@confab/testkit/redis'
import { userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig } from '../config.ts'
import { isPostmaster, readPidFile } from '../db/embedded/pid-file.ts'
import { makeLogger } from '../lib/logger.ts'
import { clusterOf, postmasterOf, useCli } from './testing.ts'
import { Workers } from './workers.ts'

const { newDataDir, preparedDataDir, run, serve } = useCli()

/** Several processes start one after the other, on a machine that may be busy. */
const TEST_MS = 180_000
const SOON_MS = 60_000

/** Which workers answer, by their names in the metrics: each new connection goes to the next one. */
async function namesOf(url: string): Promise<Set<string>> {
  const names = new Set<string>()
  for (let time = 0; time < 6; time++) {
    const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
    const [, name] = /node="([^"]+)"/.exec(await response.text()) ?? []
    if (name) names.add(name)
  }
  return names
}

async function register(url: string, name: string): Promise<Api & { id: number }> {
  const anonymous = new Api(url)
  const password = 'correct-horse-battery-9'
  const reply = await anonymous.post('/api/register/', {
    username: name,
    email: `${name}@example.com`,
    password,
    confirm_password: password,
  })
  const { access } = reply.body.tokens
  return Object.assign(new Api(url, access), { id: userIdOf(access) })
}

test(
  'two workers share the port, tell each other, and stop together with Postgres',
  async () => {
    const dataDir = await preparedDataDir()
    const settings = { WORKERS: '2', NODE_ID: 'box', RATE_LIMIT_FACTOR: '0', MAX_SOCKETS_PER_USER: '4' }
    const server = await serve({ DATA_DIR: dataDir, ...settings })
    const pid = await postmasterOf(dataDir)
    expect([...(await namesOf(server.url))].sort()).toEqual(['box-1', 'box-2'])
    expect(server.output.stdout.match(/RATE_LIMIT_FACTOR/g)).toHaveLength(1)

    const ada = await register(server.url, 'ada')
    const bob = await register(server.url, 'bob')
    const room = await ada.post('/api/chatrooms/', { room_name: 'Engine', participant_ids: [bob.id] })
    const path = `/ws/chat/${room.body.id}/?token=${bob.token}`
    const open = () => TestSocket.open(`${server.url.replace('http', 'ws')}${path}`)
    const sockets = await Promise.all(Array.from({ length: 4 }, open))
    for (let index = 0; index < 10; index++) {
      await ada.post(
        `/api/chatrooms/${room.body.id}/messages/`,
        { content: `${index}` },
        { headers: { connection: 'close' } },
      )
      for (const socket of sockets) expect(await socket.next()).toMatchObject({ message: { content: `${index}` } })
    }
    for (const socket of sockets) expect(socket.pending()).toEqual([])
    // One more, on either.
    const refusals = () => Promise.allSettled([open(), open()])
    await expect.poll(refusals).toMatchObject(Array(2).fill({ reason: { message: 'refused: 429' } }))

    server.child.kill('SIGTERM')
    expect(await server.closed).toMatchObject({ code: 0, stderr: '' })
    expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(false)
  },
  TEST_MS,
)

const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('two workers with a Redis', async () => {
  const redis = isMissing ? undefined : await startTestRedis()

  /** Calls that each of the workers answers in turn, since each has a connection of its own. */
  async function inTurn(times: number, call: (options: { headers: Record<string, string> }) => Promise<Reply>) {
    const replies: Reply[] = []
    for (let time = 0; time < times; time++) replies.push(await call({ headers: { connection: 'close' } }))
    return replies
  }

  test(
    'share events, presence and limits, and each has metrics of its own',
    async () => {
      const server = await serve({
        DATA_DIR: await preparedDataDir(),
        WORKERS: '2',
        NODE_ID: 'box',
        REDIS_URL: redis?.url ?? '',
        RATE_SEARCH: '10/600',
        PRESENCE_GRACE_SECONDS: '0',
      })
      const anonymous = new Api(server.url)
      await vi.waitFor(
        async () => {
          const replies = await inTurn(4, (options) => anonymous.get('/readyz', options))
          expect(replies.map(({ body }) => body.bus)).toEqual(['up', 'up', 'up', 'up'])
        },
        { timeout: SOON_MS },
      )
      const ada = await register(server.url, 'ada')
      const bob = await register(server.url, 'bob')
      const room = (await ada.post('/api/chatrooms/', { room_name: 'Engine', participant_ids: [bob.id] })).body.id
      const open = () => TestSocket.open(`${server.url.replace('http', 'ws')}/ws/chat/${room}/?token=${bob.token}`)
      const isShown = async () => {
        const replies = await inTurn(4, (options) => ada.get(`/api/chatrooms/${room}/`, options))
        return replies.map(
          ({ body }) => body.participants.find(({ id }: { id: number }) => id === bob.id)?.online_status,
        )
      }

      const first = await open()
      await expect.poll(isShown).toEqual([true, true, true, true])
      await first.close()
      await expect.poll(isShown).toEqual([false, false, false, false])

      const sockets = await Promise.all(Array.from({ length: 4 }, open))
      for (let index = 0; index < 4; index++) {
        const content = `${index}`
        await inTurn(1, (options) => ada.post(`/api/chatrooms/${room}/messages/`, { content }, options))
        for (const socket of sockets) {
          await socket.nextWhere(({ message }) => Reflect.get(Object(message), 'content') === content)
        }
      }

      const searches = await inTurn(16, (options) => ada.get('/api/search/messages/?q=tea', options))
      expect(searches.map(({ status }) => status)).toEqual([...Array(10).fill(200), ...Array(6).fill(429)])

      const counted = (await inTurn(4, (options) => anonymous.get('/metrics', options))).map(({ body }) => String(body))
      for (const name of ['box-1', 'box-2']) {
        const text = counted.find((one) => one.includes(`node="${name}"`))
        expect(text).toContain(`confab_bus_up{node="${name}"} 1`)
        expect(text).toMatch(/^confab_bus_received_total\{.*\} [1-9]/m)
      }
      for (const socket of sockets) socket.terminate()
    },
    TEST_MS,
  )
})

test(
  'a worker that is killed is replaced, while the other serves',
  async () => {
    const dataDir = await preparedDataDir()
    const server = await serve({ DATA_DIR: dataDir, WORKERS: '2', NODE_ID: 'box', LOG_LEVEL: 'debug' })
    const begun = () => [...server.output.stdout.matchAll(/"worker":(\d),"pid":(\d+)/g)].map(([, , pid]) => Number(pid))
    const [first = 0] = begun()

    process.kill(first, 'SIGKILL')

    await vi.waitFor(() => expect(begun()).toHaveLength(3), { timeout: SOON_MS })
    await vi.waitFor(async () => expect((await namesOf(server.url)).size).toBe(2), { timeout: SOON_MS })
    expect(server.output.stdout).toContain('a worker ended and is replaced')
  },
  TEST_MS,
)

test('workers that the system cannot start are one error, and are not waited for', async () => {
  const { execPath } = process
  onTestFinished(() => {
    process.execPath = execPath
  })
  process.execPath = '/nowhere/node'
  const config = loadConfig({ DATA_DIR: newDataDir(), WORKERS: '2' })
  const workers = new Workers({ config, databaseUrl: 'postgres://127.0.0.1:1/none', log: makeLogger('silent') })

  await expect(workers.start()).rejects.toThrow(/^A worker could not be started: spawn .*ENOENT$/)
  await workers.stop(600_000)
})

test('what keeps workers from starting is one line, and Postgres does not stay behind', async () => {
  const dataDir = await preparedDataDir()

  const { code, stdout, stderr } = await run(['serve', '--workers', '3'], { DATA_DIR: dataDir, HOST: '203.0.113.1' })

  expect(code).toBe(1)
  expect(stdout).not.toContain('Confab is ready')
  expect(stderr).toMatch(/^The HOST 203\.0\.113\.1 is no address of this machine: .*\n$/)
  expect(await readPidFile(clusterOf(dataDir))).toBeUndefined()
})

test.each([['0'], ['65'], ['many']])('--workers %s is refused with one line', async (workers) => {
  const { code, stderr } = await run(['serve', '--workers', workers], {})

  expect(code).toBe(1)
  expect(stderr).toBe(`WORKERS is "${workers}": expected a whole number from 1 to 64\n`)
})
