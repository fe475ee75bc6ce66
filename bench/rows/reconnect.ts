import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@confab/testkit/free-port'
import { startBaseline } from '../baselines/start.ts'
import type { ReconnectJob, Return } from '../generator/jobs.ts'
import { measureReturn } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Cores } from '../report.ts'
import { seedRooms } from '../seed/rooms.ts'
import { prepareStatementCount, readCostliest, readStatementCount, startStatementCount } from '../statement-count.ts'
import { summarize } from '../statistics.ts'
import { familyCpuBetween, readCpuSeconds, readFamilyCpu } from '../usage.ts'
import { atServer, type Context, gatewayUrl, type RowGroup } from './context.ts'

const CLIENTS = 2_000
const MANY_ROOMS = 50
const FEW_ROOMS = 5

/** In so many rooms each has missed a message. */
const MISSED = 3

/** What the server does by itself in this time is counted, so that it can be taken off. */
const QUIET_MS = 3_000

/** One storm: how the clients came back, and what that cost. */
type Storm = Readonly<{
  back: Return
  /** From the end of the server, and from when it was ready again, until the last client was; milliseconds. */
  sinceStopMs: number
  sinceReadyMs: readonly number[]
  serverCpuSeconds: number
  cores: Cores
  queries: number
}>

/** Everybody coming back at once. */
export const reconnect: RowGroup = {
  name: 'reconnect',
  about: `${CLIENTS} clients of ${MANY_ROOMS} rooms each resume after a restart; database queries of each`,
  worksAnywhere: false,
  async *run(context) {
    const few = await measureStorm(context, FEW_ROOMS)
    const many = await measureStorm(context, MANY_ROOMS)
    const bare = await measureBare(many.back.readyBytes)
    const seconds = (ms: readonly number[]) => (ms.at(-1) ?? Number.NaN) / 1000
    yield {
      name: `reconnect: ${CLIENTS} clients, ${MANY_ROOMS} rooms each`,
      unit: 's until all are ready',
      value: seconds(many.sinceReadyMs),
      latency: summarize(many.sinceReadyMs),
      baseline: seconds(bare),
      baselineLatency: summarize(bare),
      cores: many.cores,
      note: describe(many),
    }
    yield {
      name: 'reconnect: queries of a resume',
      unit: 'queries',
      value: many.queries / CLIENTS,
      baseline: few.queries / CLIENTS,
      // The same for ten times as many rooms, but for rounding.
      ratioLimit: { atMost: 1.1 },
      note: `baseline with ${FEW_ROOMS} rooms each`,
    }
  },
}

function describe({ back, sinceStopMs, serverCpuSeconds }: Storm): string {
  return [
    `${(sinceStopMs / 1000).toFixed(1)} s after SIGTERM`,
    `${((serverCpuSeconds * 1000) / CLIENTS).toFixed(1)} ms CPU of the server each`,
    ...Object.entries(back.setbacks).map(([why, count]) => `${count} times ${why}`),
    `${back.replayed} events replayed`,
    `ready of ${Math.round(back.readyBytes / 1024)} KB`,
  ].join(', ')
}

async function measureStorm(context: Context, roomsEach: number): Promise<Storm> {
  const dataDir = await newDataDir()
  const environment = { PORT: String(await freePort()) }
  const first = await startOwnServer(dataDir, environment)
  context.say(`${CLIENTS} people in ${roomsEach} rooms each`)
  const people = await first.people(CLIENTS)
  await seedRooms(first.database, people, roomsEach)
  await first.database.query('VACUUM ANALYZE')
  await prepareStatementCount(first.database)
  await first.stop()
  let server = await startOwnServer(dataDir, environment)
  try {
    const stopped = Promise.withResolvers<number>()
    const ready = Promise.withResolvers<Reading>()
    const sockets = people.map((person) => gatewayUrl(server.url, person))
    context.say(`${CLIENTS} clients connect, and come back after a restart`)
    const back = await measureReturn({ kind: 'reconnect', sockets, missed: MISSED }, async () => {
      stopped.resolve(Date.now())
      await server.stop()
      server = await startOwnServer(dataDir, environment)
      await startStatementCount(server.database)
      ready.resolve(await read(server))
    })
    for (const line of await readCostliest(server.database)) context.say(`of the database's time ${line}`)
    return await describeStorm(server, back, { stoppedAt: await stopped.promise, before: await ready.promise })
  } finally {
    await server.stop()
  }
}

type Reading = Readonly<{ at: number; server: number; database: ReadonlyMap<number, number> }>

async function read(server: OwnServer): Promise<Reading> {
  const at = Date.now()
  const cpu = await readCpuSeconds([server.pid])
  return { at, server: cpu ?? Number.NaN, database: await readFamilyCpu(server.databasePid) }
}

async function describeStorm(
  server: OwnServer,
  back: Return,
  { stoppedAt, before }: { stoppedAt: number; before: Reading },
): Promise<Storm> {
  const after = await read(server)
  const counted = await readStatementCount(server.database)
  // Afterwards nothing happens but what the server does by itself.
  await startStatementCount(server.database)
  await delay(QUIET_MS)
  const quiet = (await readStatementCount(server.database)) / QUIET_MS
  const ms = after.at - before.at
  const lastAt = back.readyAt.at(-1) ?? Number.NaN
  return {
    back,
    sinceStopMs: lastAt - stoppedAt,
    sinceReadyMs: back.readyAt.map((at) => Math.max(0, at - before.at)),
    serverCpuSeconds: after.server - before.server,
    cores: {
      server: ((after.server - before.server) * 1000) / ms,
      database: (familyCpuBetween(before.database, after.database) * 1000) / ms,
      generator: (back.cpuSeconds * 1000) / ms,
    },
    queries: counted - quiet * ms,
  }
}

/** The same at a server that knows nobody and has a `ready` frame of that size at hand. @returns milliseconds, ascending */
async function measureBare(readyBytes: number): Promise<number[]> {
  const args = ['--port', String(await freePort()), '--ready-bytes', String(Math.round(readyBytes))]
  let bare = await startBaseline('gateway', args)
  try {
    let readyAt = Number.NaN
    const nobody = { id: 0, token: '' }
    const sockets = atServer(
      Array.from({ length: CLIENTS }, () => gatewayUrl(bare.url, nobody)),
      bare.url,
    )
    const job: ReconnectJob = { kind: 'reconnect', sockets, missed: 0 }
    const back = await measureReturn(job, async () => {
      await bare.stop()
      bare = await startBaseline('gateway', args)
      readyAt = Date.now()
    })
    return back.readyAt.map((at) => Math.max(0, at - readyAt))
  } finally {
    await bare.stop()
  }
}
