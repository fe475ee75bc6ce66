import { isDeepStrictEqual } from 'node:util'
/** Waiting, after the last fault, for everything to come to rest; and saying so where it does not. */
import type { Actor } from '../client/actions.ts'
import type { Stack } from '../stack/stack.ts'
import { pause, until } from '../stack/waiting.ts'
import type { Trace } from '../trace.ts'
import { listSeats, listUserPositions, type Seat } from './truth.ts'

/** How long each step may take: far more than it needs, for machines that are busy with other things. */
const STEP_MS = 120_000

/** After so long without any change nothing is on its way: a heartbeat and a position check are done by then. */
const STILL_MS = 40_000

/** Waits until every server is ready and hears the others. */
export async function untilHealthy({ nodes, redis }: Stack, trace: Trace): Promise<void> {
  for (const node of nodes) {
    if (!(await node.becomesReady(STEP_MS))) trace.violation(`${node.name} is not ready after the last fault`)
    else if (redis && !(await until(() => node.isConnected(), STEP_MS))) {
      trace.violation(`${node.name} does not hear the others after the last fault`)
    }
  }
}

/** Waits for the last answers of the actors. */
export async function untilSilent(actors: readonly Actor[], running: Promise<unknown>, trace: Trace): Promise<void> {
  const late = pause(STEP_MS).then(() => 'late')
  if ((await Promise.race([running, late])) === 'late') {
    const open = actors.map(({ client }) => `${client.name} ${client.isReady ? 'ready' : 'not connected'}`)
    trace.violation(`clients do not come to rest after the last fault: ${open.join(', ')}`)
  }
}

/**
 * Waits until every client has heard everything that there is to hear, and fetched what it was told to. Where a run has
 * failed already and nothing moves any more, it does not wait for what will not come.
 */
export async function untilHeard(stack: Stack, actors: readonly Actor[], trace: Trace): Promise<void> {
  const hasFailed = trace.violations.length > 0
  let behind: Lag[] = []
  let movedAt = performance.now()
  await until(async () => {
    const now = await listBehind(stack, actors)
    if (!isDeepStrictEqual(now, behind)) movedAt = performance.now()
    behind = now
    return behind.length === 0 || (hasFailed && performance.now() - movedAt > STILL_MS)
  }, STEP_MS)
  for (const { what, topic, name } of behind.slice(0, 20)) trace.violation(what, topic, name)
}

type Lag = Readonly<{ what: string; topic: string; name: string }>

async function listBehind({ postgres }: Stack, actors: readonly Actor[]): Promise<Lag[]> {
  const seats = await listSeats(postgres)
  const own = await listUserPositions(postgres)
  return actors.flatMap((actor) =>
    listLags(
      actor,
      seats.filter(({ user }) => user === actor.client.id),
      own.get(actor.client.id) ?? 0,
    ),
  )
}

function listLags({ client }: Actor, seats: readonly Seat[], ownSeq: number): Lag[] {
  const { follower, name, id } = client
  const lag = (what: string, topic: string) => ({ what: `${name} ${what}`, topic, name })
  if (!client.isReady) return [lag('is not connected', `user:${id}`)]
  if (follower.isFilling) return [lag('has rooms that are not fetched yet', `user:${id}`)]
  const positions = follower.positions()
  const wanted = new Map([
    [`user:${id}`, ownSeq],
    ...seats.map(({ room, seq }): [string, number] => [`room:${room}`, seq]),
  ])
  const behind = [...wanted].flatMap(([topic, seq]) =>
    positions.get(topic) === seq
      ? []
      : [lag(`has heard ${topic} up to ${positions.get(topic)}, it is at ${seq}`, topic)],
  )
  const foreign = [...positions.keys()].flatMap((topic) =>
    wanted.has(topic) ? [] : [lag(`still follows ${topic}, and is not in it`, topic)],
  )
  return [...behind, ...foreign]
}
