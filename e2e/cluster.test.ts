import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Api } from '@confab/testkit/api'
import { missingRedis } from '@confab/testkit/redis'
import { PASSWORD, userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { temporaryFolder } from '@confab/testkit/temporary-folder'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { GatewayClient } from './gateway-client.ts'

const script = fileURLToPath(new URL('../scripts/cluster.ts', import.meta.url))
const isMissing = missingRedis() !== undefined

/** Longer than any of this takes, on a busy machine too. */
const SOON_MS = 60_000

/** When a send that failed is tried again. */
const RETRY_MS = 300

/**
 * Between two sends by REST; devices have a pace of their own. A room in which more than 1,000 things happen while a client
 * moves is fetched anew by it.
 */
const PACE_MS = 20

describe.skipIf(isMissing)('npm run cluster', () => {
  let folder: string
  let cluster: ChildProcess
  let output = ''
  let address: string

  beforeAll(async () => {
    folder = await temporaryFolder('confab-cluster-')
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
    await vi.waitFor(() => expect(output).toContain('is ready'), { timeout: 110_000, interval: 50 })
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

  test('while its servers are restarted one after the other, nothing is lost, told twice or out of order, and no send fails twice', async () => {
    const ada = await register('ada')
    const others = await Promise.all(['eve', 'fay', 'gus', 'hal'].map(register))
    const participant_ids = others.map(({ token = '' }) => userIdOf(token))
    const room = (await ada.post('/api/chatrooms/', { room_name: 'Rolling', participant_ids })).body.id
    const url = `/api/chatrooms/${room}/messages/`
    const devices = others.map(({ token = '' }) => new GatewayClient(address, token))
    await Promise.all(devices.map((device) => device.ready()))
    const byRest: string[] = []
    let isOver = false
    onTestFinished(async () => {
      isOver = true
      await Promise.all(devices.map((device) => device.close()))
    })

    const sending = Promise.all([
      (async () => {
        for (let number = 0; !isOver; number++) {
          await sendOrRetry(ada, url, `rest ${number}`)
          byRest.push(`rest ${number}`)
          await pause(PACE_MS)
        }
      })(),
      ...devices.map(async (device, index) => {
        for (let number = 0; !isOver; number++) await device.send(room, `device ${index}, ${number}`)
      }),
    ])
    /** Everybody is connected and has got something through since. */
    const allGoOn = async () => {
      await Promise.all(devices.map((device) => device.ready()))
      const sent = [byRest, ...devices.map(({ acknowledged }) => acknowledged)]
      const enough = sent.map(({ length }) => length + 5)
      const isEnough = () => sent.every(({ length }, index) => length > (enough[index] ?? 0))
      await vi.waitFor(() => expect(isEnough()).toBe(true), { timeout: SOON_MS })
    }
    await Promise.race([allGoOn(), sending])
    for (const name of ['node-1', 'node-2', 'node-3']) {
      process.kill(pidOf(name), 'SIGTERM')
      await vi.waitFor(() => expect(output).toContain(`${name} is back`), { timeout: SOON_MS })
      await Promise.race([allGoOn(), sending])
    }
    isOver = true
    await sending

    const stored = await textsOf(ada, url)
    for (const [index, { acknowledged }] of [{ acknowledged: byRest }, ...devices].entries()) {
      const mine = index === 0 ? 'rest ' : `device ${index - 1}, `
      expect(stored.filter((text) => text.startsWith(mine))).toEqual(acknowledged)
    }
    for (const device of devices) {
      expect(device.faults).toEqual([])
      await vi.waitFor(() => expect(device.told).toHaveLength(stored.length), { timeout: SOON_MS })
      expect(device.told).toEqual(stored)
      // Each was on one of the servers when that was stopped, and moved to another then.
      expect(device.closes.length).toBeGreaterThan(0)
      expect(new Set(device.closes)).toEqual(new Set(['4000 server_draining']))
    }
  }, 300_000)

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

  test.each([
    [
      'a port that is taken',
      () => ['--port', new URL(address).port],
      /^The port \d+ of 127\.0\.0\.1 cannot be had .*--port\n$/,
    ],
    ['a number that is none', () => ['--nodes', 'many'], /^--nodes is "many": expected a whole number from 1 to 20\n$/],
    ['an option that it does not have', () => ['--node', '3'], /^Unknown option '--node'.*\nnpm run cluster -- .*\n$/],
  ])('says in a line what is wrong with %s', async (_what, flags, complaint) => {
    const refused = spawn(process.execPath, [script, ...flags()], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
    })
    let said = ''
    refused.stderr.on('data', (text) => {
      said += text
    })

    expect(await once(refused, 'close')).toEqual([1, null])
    expect(said).toMatch(complaint)
  })

  test('ends with everything it started', async () => {
    const pids = ['node-1', 'node-2', 'node-3'].map(pidOf)
    const ended = once(cluster, 'exit')
    cluster.kill('SIGINT')

    expect(await ended).toEqual([0, null])
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
  })
})

/** The texts of all messages of a room, oldest first. */
async function textsOf(reader: Api, url: string): Promise<string[]> {
  const texts: string[] = []
  for (let next: string | null = `${url}?limit=100&ordering=id`; next; ) {
    const { body } = await reader.get(next)
    texts.push(...body.results.map((message: { content: string }) => message.content))
    next = body.next
  }
  return texts
}

/**
 * Sends as a client does: where a server that is leaving takes the connection with it, once more after a moment, with the
 * same client_id.
 *
 * @throws Error where the second try fails, too
 */
async function sendOrRetry(sender: Api, url: string, content: string): Promise<void> {
  const send = () =>
    sender.post(url, { content, client_id: content }).then(
      ({ status }) => status,
      (error: unknown) => error,
    )
  const first = await send()
  if (first === 201) return
  await pause(RETRY_MS)
  const second = await send()
  if (second !== 200 && second !== 201) throw new Error(`${content} failed twice: ${first}, ${second}`)
}
