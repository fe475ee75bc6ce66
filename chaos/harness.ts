/** One run from its start to its report. */
import { setTimeout as sleep } from 'node:timers/promises'
import { checkPresence, checkReady } from './checks/afresh.ts'
import { checkAll } from './checks/check.ts'
import { untilHealthy, untilHeard, untilSilent } from './checks/settle.ts'
import { Actor, type Stage } from './client/actions.ts'
import { Client } from './client/client.ts'
import { Ledger } from './client/ledger.ts'
import { field } from './client/rest.ts'
import { injectFaults } from './faults/inject.ts'
import { planFaults } from './faults/schedule.ts'
import type { Options } from './options.ts'
import { Random } from './random.ts'
import type { Network } from './stack/network.ts'
import { type Stack, startStack } from './stack/stack.ts'
import { until } from './stack/waiting.ts'
import { Trace } from './trace.ts'

/** What a node holds, all garbage collected, and what the system has given it, in megabytes. */
export type Memory = Readonly<{ heapMb: number; residentMb: number }>

/** How a run ended. */
export type Result = Readonly<{
  trace: Trace
  /** Of each node: before the first fault, and after everything had come to rest. */
  memory: Readonly<{ before: readonly Memory[]; after: readonly Memory[] }>
  hasRedis: boolean
  /** Why no packets were lost, if none were. */
  withoutNetworks: string | undefined
  folder: string
}>

/** The members of the room that is flooded at times: the first of the clients. */
const FLOOD_MEMBERS = 4

/** What a node may hold more at the end than at the beginning, all garbage collected: its caches, which have bounds. */
const MORE_MB = 50

const START_MS = 120_000

/**
 * Runs it. Whatever was started is left to the caller to end: see `endAll`.
 *
 * @param networks see `startStack`
 */
export async function runChaos(
  options: Options,
  tell: (line: string) => void,
  networks?: readonly Network[] | string,
): Promise<Result> {
  const trace = new Trace(tell)
  const random = new Random(options.seed)
  const stack = await startStack(options, trace, networks)
  tell(`${stack.nodes.length} servers, ${stack.redis ? 'Redis' : 'no redis-server: without Redis'}, Postgres`)
  if (stack.withoutNetworks)
    tell(`no networks of their own for servers (${stack.withoutNetworks}): no packets are lost`)
  const clients = await registerClients(options, stack, { random, trace })
  const { rooms, floodRoom } = await makeRooms(clients, options.rooms, random.fork('rooms'))
  const stop = new AbortController()
  const ledger = new Ledger(trace)
  const stage: Stage = {
    clients,
    ledger,
    founded: new Set(),
    lasting: new Set([floodRoom]),
    pauseMs: options.pauseMs,
    signal: stop.signal,
  }
  const actors = clients.map((client) => new Actor(client, stage))
  for (const client of clients) client.connect()
  const haveBegun = await until(() => clients.every((one) => one.isReady && !one.follower.isFilling), START_MS)
  if (!haveBegun) trace.violation('not every client was ready at the beginning')
  const before = await readMemory(stack)
  tell(`${clients.length} clients in ${rooms.length} rooms; ${options.faults} faults in ${options.seconds} s`)

  const plan = planFaults(random.fork('faults'), {
    ...options,
    hasRedis: stack.redis !== undefined,
    hasNetworks: stack.withoutNetworks === undefined,
  })
  const acting = Promise.all(actors.map((actor) => actor.run()))
  const faults = injectFaults(plan, { stack, actors, floodRoom, floodMembers: FLOOD_MEMBERS, trace })
  const progress = setInterval(() => tell(describeProgress(trace, options)), 30_000)
  await Promise.all([sleep(options.seconds * 1_000), faults])
  clearInterval(progress)
  tell('the last fault is over; waiting for everything to come to rest')
  stop.abort()
  await untilHealthy(stack, trace)
  await untilSilent(actors, acting, trace)
  await sayGoodbye(actors)
  await untilHeard(stack, actors, trace)

  tell('checking')
  const outcome = { stack, actors, ledger, trace }
  await checkAll(outcome)
  await checkReady(outcome)
  await checkPresence(outcome)
  const after = await checkMemory(stack, before, trace)
  await Promise.all(clients.map((client) => client.close()))
  const { withoutNetworks, folder, redis } = stack
  return { trace, memory: { before, after }, hasRedis: redis !== undefined, withoutNetworks, folder }
}

async function registerClients(
  options: Options,
  stack: Stack,
  { random, trace }: { random: Random; trace: Trace },
): Promise<Client[]> {
  const servers = stack.nodes.map((node) => node.address)
  const clients: Client[] = []
  for (let index = 0; index < options.clients; index++) {
    clients.push(await Client.register(`client_${index}`, { servers, trace, random: random.fork(`client ${index}`) }))
  }
  return clients
}

/** Groups of all sizes, some direct rooms, and the one that is flooded. */
async function makeRooms(clients: readonly Client[], count: number, random: Random) {
  const rooms: number[] = []
  const [first] = clients
  if (!first) throw new Error('nobody is there')
  const floodRoom = await makeRoom(first, clients.slice(1, FLOOD_MEMBERS), 'the one that is flooded')
  for (let index = 1; index < count; index++) {
    const people = random.sample(clients, index % 5 === 0 ? 2 : random.between(4, 12))
    const [founder, ...others] = people
    if (founder) rooms.push(await makeRoom(founder, others, others.length === 1 ? undefined : `room ${index}`))
  }
  return { rooms: [floodRoom, ...rooms], floodRoom }
}

async function makeRoom(founder: Client, others: readonly Client[], name: string | undefined): Promise<number> {
  const body = { participant_ids: others.map(({ id }) => id), ...(name === undefined ? {} : { room_name: name }) }
  const answer = await founder.rest.call('POST', '/api/chatrooms/', body)
  const id = Number(field(answer?.body, 'id'))
  if (!(id > 0)) throw new Error(`a room could not be made: ${JSON.stringify(answer)}`)
  return id
}

/** One last message in every room, by which everything that was left undone there is seen to. */
async function sayGoodbye(actors: readonly Actor[]): Promise<void> {
  const told = new Set<number>()
  for (const actor of actors) {
    for (const room of actor.client.follower.rooms) {
      if (told.has(room.id) || room.isHidden) continue
      told.add(room.id)
      await actor.sayAll(room, 0)
    }
  }
  await Promise.all(actors.map((actor) => actor.settled()))
}

function readMemory({ nodes }: Stack): Promise<Memory[]> {
  return Promise.all(nodes.map(async (node) => ({ heapMb: await node.heapMb(), residentMb: await node.residentMb() })))
}

async function checkMemory(stack: Stack, before: readonly Memory[], trace: Trace): Promise<Memory[]> {
  const after = await readMemory(stack)
  for (const [index, { heapMb }] of after.entries()) {
    const start = before[index]?.heapMb ?? 0
    if (heapMb > start + MORE_MB) {
      trace.violation(`node-${index} holds ${heapMb} MB when its garbage is collected, ${start} MB at the beginning`)
    }
  }
  return after
}

function describeProgress(trace: Trace, options: Options): string {
  const figures = ['faults', 'sends', 'acknowledged', 'events', 'resyncs'].map(
    (name) => `${trace.counted(name)} ${name}`,
  )
  const seconds = Math.round(trace.nowMs / 1000)
  return `${seconds} s: ${figures.join(', ')}, ${trace.violationCount} violations (of ${options.seconds} s)`
}
