import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Api } from '@confab/testkit/api'
import { missingRedis } from '@confab/testkit/redis'
import { PASSWORD, userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const script = fileURLToPath(new URL('../scripts/cluster.ts', import.meta.url))
const isMissing = missingRedis() !== undefined

describe.skipIf(isMissing)('npm run cluster', () => {
  let folder: string
  let cluster: ChildProcess
  let output = ''
  let address: string

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/confab-cluster-')
    // Postgres, which does not run as root, must be able to reach it.
    await chmod(folder, 0o755)
    const flags = ['--nodes', '3', '--port', '0', '--data-dir', path.join(folder, 'data')]
    const { PATH = '' } = process.env
    cluster = spawn(process.execPath, [script, ...flags], {
      cwd: folder,
      env: { PATH, RATE_LIMIT_FACTOR: '0', LOG_LEVEL: 'error' },
    })
    cluster.stdout?.on('data', (text) => {
      output += text
    })
    cluster.stderr?.on('data', (text) => {
      output += text
    })
    await vi.waitFor(() => expect(output).toContain('is ready'), { timeout: 55_000, interval: 50 })
    address = /address +(\S+)/.exec(output)?.[1] ?? ''
  })

  afterAll(async () => {
    if (cluster.exitCode === null) {
      const ended = once(cluster, 'exit')
      cluster.kill('SIGTERM')
      await ended
    }
    await rm(folder, { recursive: true, force: true })
  })

  /** The process of a node that runs now. */
  const pidOf = (name: string) => {
    const said = [...output.matchAll(new RegExp(`${name}\\b.*process (\\d+)`, 'g'))].at(-1)
    return Number(said?.[1])
  }

  async function register(name: string): Promise<Api> {
    const reply = await new Api(address).post('/api/register/', {
      username: name,
      email: `${name}@example.com`,
      password: PASSWORD,
      confirm_password: PASSWORD,
    })
    return new Api(address, reply.body.tokens.access)
  }

  test('while its servers are restarted one after the other, no send fails and nothing is lost or doubled', async () => {
    const ada = await register('ada')
    const bob = await register('bob')
    const room = await ada.post('/api/chatrooms/', {
      room_name: 'Rolling',
      participant_ids: [userIdOf(bob.token ?? '')],
    })
    const url = `/api/chatrooms/${room.body.id}/messages/`
    let isOver = false
    const acknowledged: string[] = []

    const sending = (async () => {
      for (let number = 0; !isOver; number++) {
        await sendUntilTaken(ada, url, `message ${number}`)
        acknowledged.push(`message ${number}`)
      }
    })()
    for (const name of ['node-1', 'node-2', 'node-3']) {
      const before = acknowledged.length
      process.kill(pidOf(name), 'SIGTERM')
      await vi.waitFor(() => expect(output).toContain(`${name} is back`), { timeout: 30_000 })
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 20), { timeout: 30_000 })
    }
    isOver = true
    await sending

    const stored: string[] = []
    for (let next: string | null = `${address}${url}?limit=100&ordering=id`; next; ) {
      const { body } = await bob.get(next)
      stored.push(...body.results.map((message: { content: string }) => message.content))
      next = body.next
    }
    expect(stored).toEqual(acknowledged)
  }, 120_000)

  test('what is sent through any of its servers reaches sockets on all of them', async () => {
    const cyd = await register('cyd')
    const dan = await register('dan')
    const room = await cyd.post('/api/chatrooms/', { room_name: 'All', participant_ids: [userIdOf(dan.token ?? '')] })
    const socketUrl = `${address.replace('http', 'ws')}/ws/chat/${room.body.id}/?token=${dan.token}`
    const sockets = await Promise.all(Array.from({ length: 6 }, () => TestSocket.open(socketUrl)))

    for (let number = 0; number < 6; number++) {
      const content = `through ${number}`
      await cyd.post(`/api/chatrooms/${room.body.id}/messages/`, { content }, { headers: { connection: 'close' } })
      for (const socket of sockets) expect(await socket.next('new_message')).toMatchObject({ message: { content } })
    }
    for (const socket of sockets) socket.terminate()
  })

  test('ends with everything it started', async () => {
    const pids = ['node-1', 'node-2', 'node-3'].map(pidOf)
    const ended = once(cluster, 'exit')
    cluster.kill('SIGINT')

    expect(await ended).toEqual([0, null])
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
  })
})

/** Sends as a client does: the same client_id until it is taken; a server that is leaving is not the end of it. */
async function sendUntilTaken(sender: Api, url: string, content: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const status = await sender.post(url, { content, client_id: content }).then(
      (reply) => reply.status,
      () => 0,
    )
    if (status === 200 || status === 201) return
    if (status !== 0 && status !== 503) throw new Error(`${content}: ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${content} was never taken`)
}
