import { setTimeout as delay } from 'node:timers/promises'
import type { MixedJob } from '../generator/jobs.ts'
import { INSPECTOR, Inspector } from '../inspector.ts'
import { type Measured, measure } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import { seedRooms } from '../seed/rooms.ts'
import { slope } from '../statistics.ts'
import { nth } from '../subject.ts'
import { readUsage } from '../usage.ts'
import { type Context, gatewayUrl, type RowGroup, timing } from './context.ts'

const PEOPLE = 500
const ROOMS_EACH = 10

/** The load is this share of what the server was found to carry, over this time. */
const LOAD = 0.5
const CALIBRATION_SECONDS = 20

/** Caches fill and code is compiled in the first part of the time, which is left out. */
const SETTLING_SHARE = 0.25

/** Memory is read so often over the rest; not more often than this, since collecting all garbage stops the server. */
const SAMPLES = 60
const LEAST_SECONDS = 5

const MB = 1024 ** 2

/** What a server held at some time. */
type Sample = Readonly<{ minutes: number; heapMb: number; rssMb: number }>

/** Whether memory grows while people come, go and talk. */
export const soak: RowGroup = {
  name: 'soak',
  about: 'growth of the memory of a server under a mixed load of half of what it carries, for --minutes',
  worksAnywhere: false,
  isOptional: true,
  async *run(context) {
    const server = await startOwnServer(await newDataDir(), { NODE_OPTIONS: INSPECTOR })
    try {
      const job = await makeJob(server)
      context.say(`finding out what the server carries, for ${CALIBRATION_SECONDS} seconds`)
      const most = await measure({ ...job, ...timing(CALIBRATION_SECONDS) }, { server: server.pid })
      const perSecond = (LOAD * most.count) / most.seconds
      context.say(`${Math.round(perSecond)} actions a second for ${context.minutes} minutes`)
      yield* toResults(await endure(context, server, { ...job, perSecond }), perSecond)
    } finally {
      await server.stop()
    }
  },
}

async function makeJob(server: OwnServer): Promise<MixedJob> {
  const people = await server.people(PEOPLE)
  const rooms = await seedRooms(server.database, people, ROOMS_EACH)
  const residents = people.map((person, index) => ({
    token: person.token,
    url: gatewayUrl(server.url, person),
    rooms: nth(rooms, index),
  }))
  return { kind: 'mixed', origin: server.url, residents, seconds: 0, warmupSeconds: 0 }
}

type Soaked = Readonly<{ measured: Measured; samples: readonly Sample[] }>

async function endure({ minutes }: Context, server: OwnServer, job: MixedJob): Promise<Soaked> {
  const inspector = await Inspector.open(server.inspectorUrl ?? '')
  const seconds = minutes * 60
  const settling = seconds * SETTLING_SHARE
  const over = new AbortController()
  try {
    const sampling = sample({
      server,
      inspector,
      settling,
      every: Math.max(LEAST_SECONDS, (seconds - settling) / SAMPLES),
      signal: over.signal,
    })
    // Awaited below; where measuring fails, that is what is told.
    sampling.catch(() => {})
    const measured = await measure(
      { ...job, warmupSeconds: settling, seconds: seconds - settling },
      { server: server.pid, database: server.databasePid },
    ).finally(() => over.abort())
    return { measured, samples: await sampling }
  } finally {
    inspector.close()
  }
}

/** Reads the memory at intervals (in seconds) until it is told to stop. */
async function sample(options: {
  server: OwnServer
  inspector: Inspector
  settling: number
  every: number
  signal: AbortSignal
}): Promise<Sample[]> {
  const { server, inspector, settling, every, signal } = options
  const samples: Sample[] = []
  const startedAt = performance.now()
  await pause(settling, signal)
  while (!signal.aborted) {
    const heapMb = (await inspector.readHeap()) / MB
    const rssMb = ((await readUsage(server.pid))?.rssBytes ?? Number.NaN) / MB
    samples.push({ minutes: (performance.now() - startedAt) / 60_000, heapMb, rssMb })
    await pause(every, signal)
  }
  return samples
}

/** Ends early, and quietly, where the signal says so. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => {})
}

function toResults({ measured, samples }: Soaked, perSecond: number): Result[] {
  const row = (name: string, atMost: number, read: (sample: Sample) => number): Result => {
    const [first, last] = [samples.at(0), samples.at(-1)].map((one) => (one ? Math.round(read(one)) : Number.NaN))
    return {
      name: `soak: ${name}`,
      unit: 'MB/min',
      value: slope(samples.map((one) => ({ x: one.minutes, y: read(one) }))),
      limit: { atMost },
      latency: measured.latency,
      cores: measured.cores,
      note: `${first} to ${last} MB, ${Math.round(perSecond)} actions/s, ${Math.round(measured.deliveries / measured.seconds)} deliveries/s`,
    }
  }
  return [row('heap after collection', 0.2, (one) => one.heapMb), row('resident memory', 1, (one) => one.rssMb)]
}
