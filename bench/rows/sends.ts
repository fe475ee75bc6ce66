import { startBaseline } from '../baselines/start.ts'
import { waitUntilConsumed } from '../consumed.ts'
import { COUNTER, type Sender } from '../generator/jobs.ts'
import { type Measured, measure } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Limit, Result } from '../report.ts'
import { middleOf, type Pair } from '../rounds.ts'
import { inParallel, makeRoom, nth, type Person, type Subject } from '../subject.ts'
import { type Context, type RowGroup, timing } from './context.ts'

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

/** How often each row is measured where there is a baseline. */
const ROUNDS = 3

/**
 * Durable sends by REST. Each kind of room has a server of its own, and so has each round: what the log's consumers have
 * left to do must cost neither the next one nor its baseline.
 */
export const sends: RowGroup = {
  name: 'send',
  about: 'durable sends per second by REST, 64 keep-alive senders',
  worksAnywhere: true,
  async *run(context) {
    for (const each of cases) {
      context.say(`${each.name}: ${SENDERS} senders`)
      yield context.foreign ? await measureForeign(context, context.foreign, each) : await measureOwn(context, each)
    }
  },
}

async function measureForeign(context: Context, subject: Subject, each: Case): Promise<Result> {
  return toResult(each, { measured: await measureSends(context, subject, await makeSenders(subject, each)) })
}

async function measureOwn(context: Context, each: Case): Promise<Result> {
  const pairs: Pair[] = []
  let consumedAfter: number | undefined
  while (pairs.length < ROUNDS) {
    const server = await startOwnServer(await newDataDir())
    try {
      const senders = await makeSenders(server, each)
      const baseline = await measureBaseline(context, server, senders)
      pairs.push({ baseline, measured: await measureSends(context, server, senders) })
      // Once is enough: 50 members take minutes to be told of what was sent to them in seconds.
      if (pairs.length === ROUNDS) consumedAfter = await waitUntilConsumed(server.database)
    } finally {
      await server.stop()
    }
  }
  return toResult(each, { ...middleOf(pairs), consumedAfter })
}

function measureSends(context: Context, subject: Subject, senders: readonly Sender[]): Promise<Measured> {
  const job = { kind: 'http', origin: subject.url, ...timing(context.seconds), senders } as const
  return measure(job, { server: subject.pid, database: subject.databasePid })
}

async function measureBaseline(context: Context, server: OwnServer, senders: readonly Sender[]): Promise<Measured> {
  const baseline = await startBaseline('send', [server.databaseUrl])
  try {
    const job = { kind: 'http', origin: baseline.url, ...timing(context.seconds), senders } as const
    return await measure(job, { server: baseline.pid, database: server.databasePid })
  } finally {
    await baseline.stop()
  }
}

type Measurement = Readonly<{ measured: Measured; baseline?: Measured; consumedAfter?: number | undefined }>

function toResult(each: Case, { measured, baseline, consumedAfter }: Measurement): Result {
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
    note: [
      ...[costOf(measured, baseline) ?? []].flat(),
      ...(consumedAfter === undefined ? [] : [`in the last round told and indexed ${describeWait(consumedAfter)}`]),
    ].join(', '),
  }
}

function describeWait(seconds: number): string {
  return Number.isFinite(seconds) ? `${seconds.toFixed(1)} s later` : 'later than was waited for'
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
