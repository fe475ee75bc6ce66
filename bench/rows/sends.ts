import { type Baseline, startBaseline } from '../baselines/start.ts'
import { COUNTER, type HttpJob, type Sender } from '../generator/jobs.ts'
import { type Measured, measure } from '../measure.ts'
import type { Limit, Result } from '../report.ts'
import { inParallel, makeRoom, nth, type Person, type Subject } from '../subject.ts'
import { type Context, type RowGroup, WARMUP_SHARE, withSubject } from './context.ts'

const SENDERS = 64
const BODY = JSON.stringify({ content: `This is message ${COUNTER} of the benchmark` })

/** Rooms of so many members, and what a row of them has to keep. */
type Case = Readonly<{ name: string; rooms: number; members: number; limit?: Limit; ratioLimit?: Limit }>

const cases: readonly Case[] = [
  {
    name: 'send: one room of 2',
    rooms: 1,
    members: 2,
    limit: { atLeast: 5_000 },
    ratioLimit: { atLeast: 0.5 },
  },
  { name: 'send: one room of 50', rooms: 1, members: 50, ratioLimit: { atLeast: 0.5 } },
  { name: 'send: 200 rooms of 5', rooms: 200, members: 5, ratioLimit: { atLeast: 0.5 } },
]

/** Durable sends by REST. Each kind of room has a server of its own: what the log's consumers have left is not its. */
export const sends: RowGroup = {
  name: 'send',
  about: 'durable sends per second by REST, 64 keep-alive senders',
  worksAnywhere: true,
  async *run(context) {
    for (const each of cases) {
      yield* withSubject(context, {}, async function* (subject) {
        yield await measureCase(context, subject, each)
      })
    }
  },
}

async function measureCase(context: Context, subject: Subject, each: Case): Promise<Result> {
  const senders = await makeSenders(subject, each)
  const timing = { kind: 'http', seconds: context.seconds, warmupSeconds: context.seconds * WARMUP_SHARE } as const
  const baseline = subject.databaseUrl ? await measureBaseline(subject, { ...timing, senders }) : undefined
  context.say(`${each.name}: ${SENDERS} senders`)
  const measured = await measure(
    { ...timing, origin: subject.url, senders },
    { server: subject.pid, database: subject.databasePid },
  )
  return {
    name: each.name,
    unit: 'messages/s',
    value: measured.count / measured.seconds,
    limit: each.limit,
    latency: measured.latency,
    baseline: baseline && baseline.count / baseline.seconds,
    baselineLatency: baseline?.latency,
    ratioLimit: each.ratioLimit,
    cores: measured.cores,
    baselineCores: baseline?.cores,
    note: costOf(measured, baseline),
  }
}

/** What a message costs of CPU time, which a busy machine changes less than how long it takes. */
export function costOf(measured: Measured, baseline: Measured | undefined): string | undefined {
  const costs = [measured, baseline].map((one) => {
    const cores = (one?.cores.server ?? Number.NaN) + (one?.cores.database ?? Number.NaN)
    return one && Number.isFinite(cores) ? Math.round((cores * one.seconds * 1e6) / one.count) : undefined
  })
  return costs[0] === undefined ? undefined : `${costs[0]} us CPU a message, baseline ${costs[1] ?? '-'}`
}

async function makeSenders(subject: Subject, { rooms, members }: Case): Promise<Sender[]> {
  const people = await subject.people(rooms === 1 ? members : SENDERS)
  const made: { id: number; people: readonly Person[] }[] = []
  await inParallel(Array.from({ length: rooms }), 8, async (_, index) => {
    const those = Array.from({ length: members }, (_, place) => nth(people, index + place))
    made[index] = { id: await makeRoom(subject, those, `Room ${index}`), people: those }
  })
  return Array.from({ length: SENDERS }, (_, index) => {
    // One room has all of its members write; of many rooms each has one, and each sender several.
    const token = nth(people, index).token
    const own = rooms === 1 ? made : made.filter((room) => room.people[0]?.token === token)
    return { method: 'POST', token, body: BODY, paths: own.map((room) => `/api/chatrooms/${room.id}/messages/`) }
  })
}

async function measureBaseline(subject: Subject, job: Omit<HttpJob, 'origin'>) {
  const baseline: Baseline = await startBaseline('send', [subject.databaseUrl ?? ''])
  try {
    return await measure({ ...job, origin: baseline.url }, { server: baseline.pid, database: subject.databasePid })
  } finally {
    await baseline.stop()
  }
}
