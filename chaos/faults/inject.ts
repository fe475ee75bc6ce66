/** Makes things go wrong as planned, and puts them right again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../client/actions.ts'
import type { Stack } from '../stack/stack.ts'
import { pause } from '../stack/waiting.ts'
import type { Wire } from '../stack/wire.ts'
import type { Trace } from '../trace.ts'
import type { Fault, FaultKind } from './schedule.ts'

/** What faults are injected into. */
export type Scene = Readonly<{
  stack: Stack
  actors: readonly Actor[]
  /** The room that is flooded to overflow somebody's queue; its members are the first of the actors. */
  floodRoom: number
  floodMembers: number
  trace: Trace
}>

/** How much is said to somebody who does not read: more than the server and both kernels keep for one socket. */
const FLOOD_MESSAGES = 220
const FLOOD_CHARS = 50_000

/** Faults that may be under way: on a machine that is slower than the plan they would pile up, and nothing could recover. */
const MAX_OPEN = 8

/** After so long the network of a server that was killed knows nothing of its connections any more. */
const FORGOTTEN_MS = 2_000

type Cure = Readonly<{
  /** What it happens to: one fault at a time each. */
  resource: string
  run(): Promise<void>
}>

/** Injects the faults at their times, or later where too many are under way. Resolves when all of them are over. */
export async function injectFaults(plan: readonly Fault[], scene: Scene): Promise<void> {
  const startedAt = performance.now()
  const busy = new Map<string, Promise<void>>()
  const open = new Set<Promise<void>>()
  for (const fault of plan) {
    await sleep(Math.max(0, fault.atMs - (performance.now() - startedAt)))
    while (open.size >= MAX_OPEN) await Promise.race(open)
    const { resource, run } = treatments[fault.kind](fault, scene)
    const before = busy.get(resource) ?? Promise.resolve()
    const treated = before.then(() => inject(fault, resource, run, scene.trace))
    const over: Promise<void> = treated.finally(() => open.delete(over))
    open.add(over)
    busy.set(resource, treated)
  }
  await Promise.all(open)
}

async function inject(fault: Fault, resource: string, run: () => Promise<void>, trace: Trace): Promise<void> {
  trace.count(`fault ${fault.kind}`)
  trace.count('faults')
  trace.note('faults', `#${fault.number} ${fault.kind}: ${resource}, ${fault.forMs} ms${fault.isCut ? ', cut' : ''}`)
  await run()
  trace.note('faults', `#${fault.number} ${fault.kind}: over`)
}

type Treatment = (fault: Fault, scene: Scene) => Cure

const onClient =
  (work: (actor: Actor, fault: Fault, scene: Scene) => Promise<void>): Treatment =>
  (fault, scene) => {
    const actor = nth(scene.actors, fault.target)
    return { resource: actor.client.name, run: () => work(actor, fault, scene) }
  }

const onNode =
  (work: (node: Stack['nodes'][number], fault: Fault) => Promise<void>): Treatment =>
  (fault, { stack }) => {
    const node = nth(stack.nodes, fault.target)
    return { resource: node.name, run: () => work(node, fault) }
  }

const onRedis =
  (work: (redis: NonNullable<Stack['redis']>, fault: Fault) => Promise<void>): Treatment =>
  (fault, { stack: { redis } }) => ({ resource: 'redis', run: async () => redis && work(redis, fault) })

const onPostgres =
  (mode: 'fast' | 'immediate'): Treatment =>
  ({ forMs }, { stack: { postgres } }) => ({
    resource: 'postgres',
    run: async () => {
      await postgres.stop(mode)
      await pause(forMs)
      await postgres.start()
    },
  })

/** A wire that is down for a while: what is sent waits, or in the end the connections are gone. */
async function partition(proxy: Wire, { forMs, isCut }: Fault): Promise<void> {
  proxy.hold(true, 'up', 'down')
  await pause(forMs)
  if (isCut) proxy.cut()
  proxy.hold(false, 'up', 'down')
}

/** All packets between a node and what it uses are lost for a while. */
const losing =
  (way: 'redis' | 'postgres'): Treatment =>
  ({ target, forMs }, { stack }) => {
    const { name, network } = nth(stack.nodes, target)
    const run = async () => {
      await network?.lose(way)
      await pause(forMs)
      await network?.restore(way)
    }
    return { resource: `${name} to ${way}`, run }
  }

const treatments: Record<FaultKind, Treatment> = {
  'client cut': onClient(async ({ client }) => client.proxy.cut()),
  'client half-open': onClient(async ({ client }, { forMs }) => {
    client.proxy.swallow()
    await pause(forMs)
    client.proxy.cutSwallowed()
  }),
  'client delayed': onClient(async ({ client }, { forMs, target }) => {
    client.proxy.delayMs = 20 + (target % 480)
    await pause(forMs)
    client.proxy.delayMs = 0
  }),
  'client stalled': onClient(({ client }, fault) => partition(client.proxy, fault)),
  'client repeated': onClient(async ({ client: { proxy } }, fault, { stack }) => {
    proxy.repeatTo = anyNode(stack, fault).address
    await pause(fault.forMs)
    proxy.repeatTo = undefined
  }),
  'client doubled': onClient(async ({ client: { proxy } }, fault, { stack }) => {
    proxy.doubleTo = anyNode(stack, fault).address
    proxy.cut()
    await pause(fault.forMs)
    proxy.doubleTo = undefined
    proxy.cutDoubles()
  }),
  'client reads too slowly': (fault, scene) => {
    const victim = nth(scene.actors.slice(1, scene.floodMembers), fault.target)
    return { resource: victim.client.name, run: () => flood(victim, scene) }
  },
  'node killed': onNode(async (node, { forMs }) => {
    await node.kill()
    await pause(forMs / 4)
    await node.start()
  }),
  'node restarted': onNode(async (node) => {
    await node.stop()
    await node.start()
  }),
  'node frozen': onNode(async (node, { forMs }) => {
    node.freeze()
    await pause(forMs)
    node.thaw()
  }),
  'node vanished': onNode(async (node, { forMs }) => {
    await node.network?.lose()
    await node.kill()
    await pause(FORGOTTEN_MS + forMs)
    await node.network?.restore()
    await node.start()
  }),
  'redis stopped': onRedis(async (redis, { forMs }) => {
    await redis.stop(false)
    await pause(forMs)
    await redis.start()
  }),
  'redis stopped and emptied': onRedis(async (redis, { forMs }) => {
    await redis.stop(true)
    await pause(forMs)
    await redis.start()
  }),
  'redis frozen': onRedis(async (redis, { forMs }) => {
    redis.freeze()
    await pause(forMs)
    redis.thaw()
  }),
  'node cut off from redis': (fault, { stack }) => {
    const { name, toRedis } = nth(stack.nodes, fault.target)
    return { resource: `${name} to redis`, run: async () => toRedis && partition(toRedis, fault) }
  },
  'node cut off from postgres': (fault, { stack }) => {
    const { name, toPostgres } = nth(stack.nodes, fault.target)
    return { resource: `${name} to postgres`, run: () => partition(toPostgres, fault) }
  },
  'packets to redis lost': losing('redis'),
  'packets to postgres lost': losing('postgres'),
  'postgres stopped': onPostgres('fast'),
  'postgres crashed': onPostgres('immediate'),
}

/** Somebody stops reading while another says so much that the server cannot keep it for them. */
async function flood(victim: Actor, { actors, floodRoom }: Scene): Promise<void> {
  const flooder = nth(actors, 0)
  victim.client.proxy.hold(true, 'down')
  for (let sent = 0; sent < FLOOD_MESSAGES; sent++) {
    const room = flooder.client.follower.state.rooms.get(floodRoom)
    if (room) await flooder.sayAll(room, FLOOD_CHARS)
  }
  await flooder.settled()
  victim.client.proxy.hold(false, 'down')
}

/** A node that has nothing to do with which client the fault is for. */
function anyNode({ nodes }: Stack, { target }: Fault): Stack['nodes'][number] {
  return nth(nodes, Math.floor(target / 1_000))
}

function nth<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length]
  if (one === undefined) throw new Error('nothing to choose from')
  return one
}
