import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { startProgram } from '../../bench/children.ts'
import { endRun } from './end.ts'
import { Network } from './network.ts'

/** Connects to what its arguments name, and says what became of each. */
const CONNECTOR = `
  for (const address of process.argv.slice(1)) {
    const [host, port] = address.split(':')
    require('node:net').connect({ host, port })
      .on('connect', () => console.log(address, 'connected'))
      .on('error', ({ code }) => console.log(address, code))
  }`

const { alone } = inject('networks')

describe.skipIf(!alone)('a network of its own', () => {
  let network: Network | undefined
  const servers = { redis: createServer(), postgres: createServer() }

  beforeAll(async () => {
    network = alone && (await Network.at(alone))
    for (const way of ['redis', 'postgres'] as const) {
      servers[way].listen(0, network?.hostOf(way))
      await once(servers[way], 'listening')
    }
  })

  afterAll(async () => {
    for (const server of Object.values(servers)) server.close()
    await endRun()
  })

  function addressOf(way: 'redis' | 'postgres'): string {
    const address = servers[way].address()
    return typeof address === 'object' && address ? `${address.address}:${address.port}` : ''
  }

  function connectFrom(network: Network, ...addresses: string[]): { said: string[] } {
    const said: string[] = []
    const [command, args] = network.enter(process.execPath, ['-e', CONNECTOR, ...addresses])
    const child = startProgram(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout?.on('data', (chunk) => said.push(...String(chunk).trim().split('\n')))
    return { said }
  }

  test('loses the packets of one way: a connect is never answered, and is when they arrive again', async () => {
    if (!network) throw new Error('no network')
    const [redis, postgres] = [addressOf('redis'), addressOf('postgres')]
    await network.lose('redis')
    const { said } = connectFrom(network, redis, postgres)
    await vi.waitFor(() => expect(said).toEqual([`${postgres} connected`]), 20_000)

    await network.restore('redis')
    await vi.waitFor(() => expect(said).toEqual([`${postgres} connected`, `${redis} connected`]), 20_000)
  })
})
