import { Api } from '@confab/testkit/api'
import { userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { expect, test, vi } from 'vitest'
import { isPostmaster } from '../db/embedded/pid-file.ts'
import { clusterOf, postmasterOf, useCli } from './testing.ts'

const { preparedDataDir, run, serve } = useCli()

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

test('two workers share the port, tell each other, and stop together with Postgres', async () => {
  const dataDir = await preparedDataDir()
  const server = await serve({ DATA_DIR: dataDir, WORKERS: '2', NODE_ID: 'box', RATE_LIMIT_FACTOR: '0' })
  const pid = await postmasterOf(dataDir)
  expect([...(await namesOf(server.url))].sort()).toEqual(['box-1', 'box-2'])
  expect(server.output.stdout.match(/RATE_LIMIT_FACTOR/g)).toHaveLength(1)

  const ada = await register(server.url, 'ada')
  const bob = await register(server.url, 'bob')
  const room = await ada.post('/api/chatrooms/', { room_name: 'Engine', participant_ids: [bob.id] })
  const path = `/ws/chat/${room.body.id}/?token=${bob.token}`
  const sockets = await Promise.all(
    Array.from({ length: 4 }, () => TestSocket.open(`${server.url.replace('http', 'ws')}${path}`)),
  )
  for (let index = 0; index < 10; index++) {
    await ada.post(
      `/api/chatrooms/${room.body.id}/messages/`,
      { content: `${index}` },
      { headers: { connection: 'close' } },
    )
    for (const socket of sockets) expect(await socket.next()).toMatchObject({ message: { content: `${index}` } })
  }
  for (const socket of sockets) expect(socket.pending()).toEqual([])

  server.child.kill('SIGTERM')
  expect(await server.closed).toMatchObject({ code: 0, stderr: '' })
  expect(await isPostmaster(pid, clusterOf(dataDir))).toBe(false)
})

test('a worker that is killed is replaced, while the other serves', async () => {
  const dataDir = await preparedDataDir()
  const server = await serve({ DATA_DIR: dataDir, WORKERS: '2', NODE_ID: 'box', LOG_LEVEL: 'debug' })
  const begun = () => [...server.output.stdout.matchAll(/"worker":(\d),"pid":(\d+)/g)].map(([, , pid]) => Number(pid))
  const [first = 0] = begun()

  process.kill(first, 'SIGKILL')

  await vi.waitFor(() => expect(begun()).toHaveLength(3), { timeout: 10_000 })
  await vi.waitFor(async () => expect((await namesOf(server.url)).size).toBe(2), { timeout: 15_000 })
  expect(server.output.stdout).toContain('a worker ended and is replaced')
})

test('what keeps workers from starting is said once, and nothing stays behind', async () => {
  const dataDir = await preparedDataDir()

  const { code, stdout, stderr } = await run(['serve', '--workers', '3'], { DATA_DIR: dataDir, HOST: '203.0.113.1' })

  expect(code).toBe(1)
  expect(stdout).not.toContain('Confab is ready')
  expect(stderr.match(/is no address of this machine/g)).toHaveLength(1)
  expect(stderr).not.toContain('    at ')
})

test.each([['0'], ['65'], ['many']])('--workers %s is refused with one line', async (workers) => {
  const { code, stderr } = await run(['serve', '--workers', workers], {})

  expect(code).toBe(1)
  expect(stderr).toBe(`WORKERS is "${workers}": expected a whole number from 1 to 64\n`)
})
