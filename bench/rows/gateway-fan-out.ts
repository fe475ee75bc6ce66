import { type Baseline, startBaseline } from '../baselines/start.ts'
import type { PacedJob } from '../generator/jobs.ts'
import { type Measured, measure, perCpuSecond } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import type { Pair } from '../rounds.ts'
import { makeRoom, nth } from '../subject.ts'
import { atServer, type Context, gatewayUrl, type RowGroup, timing } from './context.ts'

const sizes = [50, 500, 2_000]
/** The highest first: a server that has worked for a while has its code compiled, and so has the baseline. */
const rates = [100, 10, 1]

/** As many as the sockets need that send 100 messages a second and may send 20 each. */
const SENDERS = 10

/** Above this each person has several sockets; a server as it comes allows 10. */
const MOST_PEOPLE = 1_000

/** At one message a second there is little to measure in seconds, and between messages less; both are measured longer. */
const SLOW_FACTOR = 3

/**
 * Where deliveries cost less than this share of a core, the differences that they are taken from are mostly chance: measured,
 * what was 6 thousandths in one run was 13 in another.
 */
const LEAST_CORES = 0.02

const environment = { MAX_GROUP_MEMBERS: String(MOST_PEOPLE), NOTIFY_MAX_MEMBERS: '0' }

/** What was measured of one size at every rate, and while nothing is sent: rate 0. */
type Rates = ReadonlyMap<number, Pair>

/**
 * What it costs to deliver a message to many sockets of the gateway, at the rates at which rooms talk. Of what the server
 * spends, what it spends on the same sockets while they are quiet is taken off, and what it spends on the same messages
 * where only their senders follow: storing, numbering and consuming them, which the baseline does not do. Nobody is
 * notified, since how many are depends on the size of the room.
 */
export const gatewayFanOut: RowGroup = {
  name: 'gateway-fan-out',
  about: `messages at fixed rates to ${sizes.join(', ')} gateway sockets of one room, per CPU second of the server`,
  worksAnywhere: false,
  async *run(context) {
    const few = await measureRates(context, SENDERS)
    for (const sockets of sizes) {
      const many = await measureRates(context, sockets)
      for (const perSecond of rates) yield toResult({ sockets, perSecond, few, many })
    }
  },
}

async function measureRates(context: Context, sockets: number): Promise<Rates> {
  const server = await startOwnServer(await newDataDir(), environment)
  const bare = await startBaseline('gateway')
  try {
    const job = await makeJob(context, server, sockets)
    const pairs = new Map<number, Pair>()
    for (const perSecond of [...rates, 0]) {
      pairs.set(perSecond, await measurePair(context, server, bare, { ...job, perSecond }))
    }
    return pairs
  } finally {
    await bare.stop()
    await server.stop()
  }
}

async function makeJob(context: Context, server: OwnServer, sockets: number): Promise<PacedJob> {
  const members = await server.people(Math.min(sockets, MOST_PEOPLE))
  const room = await makeRoom(server, members, `Room of ${members.length}`)
  return {
    kind: 'paced',
    origin: server.url,
    ...timing(context.seconds),
    sockets: Array.from({ length: sockets }, (_, index) => gatewayUrl(server.url, nth(members, index), [room])),
    senders: SENDERS,
    room,
    perSecond: 1,
  }
}

async function measurePair(context: Context, server: OwnServer, bare: Baseline, given: PacedJob): Promise<Pair> {
  const { perSecond, sockets } = given
  const job = perSecond > 1 ? given : { ...given, ...timing(context.seconds * SLOW_FACTOR) }
  context.say(`${sockets.length} sockets, ${perSecond} messages/s`)
  const baseline = await measure({ ...job, sockets: atServer(sockets, bare.url) }, { server: bare.pid })
  const measured = await measure(job, { server: server.pid, database: server.databasePid })
  return { measured, baseline }
}

type Row = Readonly<{ sockets: number; perSecond: number; few: Rates; many: Rates }>

function toResult(row: Row): Result {
  const { sockets, perSecond, many } = row
  const { measured, baseline } = pairOf(many, perSecond)
  const deliveries = deliveriesOf(row, 'measured')
  const bare = deliveriesOf(row, 'baseline')
  const isClear = deliveries.cores >= LEAST_CORES
  return {
    name: `gateway-fan-out: ${sockets} sockets, ${perSecond}/s`,
    unit: 'deliveries/CPU s',
    value: isClear ? deliveries.perSecond / deliveries.cores : perCpuSecond(measured),
    latency: measured.latency,
    baseline: isClear ? bare.perSecond / Math.max(bare.cores, LEAST_CORES) : undefined,
    baselineLatency: baseline.latency,
    ratioLimit: isClear ? { atLeast: perSecond === 100 ? 1 : 0.9 } : undefined,
    cores: measured.cores,
    baselineCores: baseline.cores,
    note: [
      ...(isClear ? [] : ['too little to tell deliveries from the rest, which is counted here']),
      `${costOfMessage(measured)} us CPU of the server a message in all, baseline ${costOfMessage(baseline)}`,
      `p99 ${Math.round(baseline.latency?.p99 ?? Number.NaN)} ms at the baseline`,
    ].join(', '),
  }
}

/** How many deliveries a second went to sockets other than the senders', and how many cores these kept busy. */
function deliveriesOf({ perSecond, few, many }: Row, kind: keyof Pair): { perSecond: number; cores: number } {
  const coresOf = (those: Rates) => coresAt(those, perSecond, kind) - coresAt(those, 0, kind)
  const countOf = (those: Rates) => {
    const { deliveries, seconds } = pairOf(those, perSecond)[kind]
    return deliveries / seconds
  }
  return { perSecond: countOf(many) - countOf(few), cores: coresOf(many) - coresOf(few) }
}

function coresAt(those: Rates, perSecond: number, kind: keyof Pair): number {
  return pairOf(those, perSecond)[kind].cores.server ?? Number.NaN
}

function pairOf(those: Rates, perSecond: number): Pair {
  const pair = those.get(perSecond)
  if (!pair) throw new Error(`nothing was measured at ${perSecond} messages/s`)
  return pair
}

function costOfMessage({ serverCpuSeconds, count }: Measured): number {
  return Math.round(((serverCpuSeconds ?? Number.NaN) * 1e6) / count)
}
