import { performance } from 'node:perf_hooks'
import type { PacedJob } from '../generator/jobs.ts'
import { type Measured, measure, perCpuSecond } from '../measure.ts'
import { hasRedis, startOwnRedis } from '../own-redis.ts'
import { newDataDir, type OwnServer, type ServerProcess, startOwnServer, startSecondServer } from '../own-server.ts'
import { middleOf, type Pair } from '../rounds.ts'
import { makeRoom, nth } from '../subject.ts'
import { readCpuSeconds } from '../usage.ts'
import { type Context, gatewayUrl, type RowGroup, timing } from './context.ts'

const ROUNDS = 3
const NODES = 3
const SOCKETS = 1_500
const PEOPLE = 750
const PER_SECOND = 20
const SENDERS = 6

/** What it costs that servers have to tell each other. */
export const redis: RowGroup = {
  name: 'redis',
  about: `${PER_SECOND} messages/s to ${SOCKETS} gateway sockets, on ${NODES} servers with Redis and on one without`,
  worksAnywhere: false,
  async *run(context) {
    if (!hasRedis()) {
      context.say('redis: skipped, redis-server is not installed (on Debian: apt-get install redis-server)')
      return
    }
    const rounds: (Pair & { redisCores: number })[] = []
    while (rounds.length < ROUNDS) {
      rounds.push({ baseline: await measureOne(context), ...(await measureSeveral(context)) })
    }
    const { measured, baseline, redisCores } = middleOf(rounds, perCpuSecond)
    yield {
      name: `redis: ${NODES} servers, ${SOCKETS} sockets`,
      unit: 'deliveries/CPU s',
      value: perCpuSecond(measured),
      latency: measured.latency,
      baseline: perCpuSecond(baseline),
      baselineLatency: baseline.latency,
      ratioLimit: { atLeast: 0.85 },
      cores: measured.cores,
      baselineCores: baseline.cores,
      note: `Redis itself ${redisCores.toFixed(3)} cores`,
    }
  },
}

const environment = { MAX_GROUP_MEMBERS: String(PEOPLE) }

async function measureOne(context: Context): Promise<Measured> {
  const server = await startOwnServer(await newDataDir(), environment)
  try {
    context.say(`${SOCKETS} sockets on one server`)
    return await measure(await makeJob(context, server, [server]), { server: server.pid, database: server.databasePid })
  } finally {
    await server.stop()
  }
}

async function measureSeveral(context: Context): Promise<{ measured: Measured; redisCores: number }> {
  const bus = await startOwnRedis()
  const connected = { ...environment, REDIS_URL: bus.url }
  const first = await startOwnServer(await newDataDir(), connected)
  const others: ServerProcess[] = []
  try {
    while (others.length < NODES - 1) others.push(await startSecondServer(first, connected))
    const servers = [first, ...others]
    context.say(`${SOCKETS} sockets on ${servers.length} servers`)
    const job = await makeJob(context, first, servers)
    const watched = { server: servers.map((server) => server.pid), database: first.databasePid }
    return await measureWithRedis(job, watched, bus.pid)
  } finally {
    await Promise.all(others.map((server) => server.stop()))
    await first.stop()
    await bus.stop()
  }
}

/** Redis is looked at for the whole time, the opening of the sockets included: it has next to nothing to do. */
async function measureWithRedis(
  job: PacedJob,
  watched: Readonly<{ server: readonly number[]; database: number }>,
  redisPid: number,
): Promise<{ measured: Measured; redisCores: number }> {
  const startedAt = performance.now()
  const before = await readCpuSeconds([redisPid])
  const measured = await measure(job, watched)
  const used = ((await readCpuSeconds([redisPid])) ?? Number.NaN) - (before ?? Number.NaN)
  return { measured, redisCores: used / ((performance.now() - startedAt) / 1000) }
}

async function makeJob(
  context: Context,
  first: OwnServer,
  servers: readonly Pick<ServerProcess, 'url'>[],
): Promise<PacedJob> {
  const people = await first.people(PEOPLE)
  const room = await makeRoom(first, people, `Room of ${people.length}`)
  return {
    kind: 'paced',
    origin: first.url,
    ...timing(context.seconds),
    sockets: Array.from({ length: SOCKETS }, (_, index) => gatewayUrl(nth(servers, index).url, nth(people, index))),
    senders: SENDERS,
    room,
    perSecond: PER_SECOND,
  }
}
