import { type Baseline, startBaseline } from '../baselines/start.ts'
import type { PacedJob } from '../generator/jobs.ts'
import { type Measured, measure, perCpuSecond } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import { makeRoom, nth } from '../subject.ts'
import { atServer, type Context, gatewayUrl, type RowGroup, timing } from './context.ts'

const sizes = [50, 500, 2_000]
/** The highest first: a server that has worked for a while has its code compiled, and so has the baseline. */
const rates = [100, 10, 1]

/** As many as the sockets need that send 100 messages a second and may send 20 each. */
const SENDERS = 10

/** Above this each person has several sockets; a server as it comes allows 20. */
const MOST_PEOPLE = 1_000

/** At one message a second there is little to measure in seconds; it is measured longer. */
const SLOW_FACTOR = 3

/** What was measured of one size at one rate. */
type Pair = Readonly<{ sockets: number; perSecond: number; measured: Measured; baseline: Measured }>

/** What one message costs that goes to many sockets of the gateway, at the rates at which rooms talk. */
export const gatewayFanOut: RowGroup = {
  name: 'gateway-fan-out',
  about: `messages at fixed rates to ${sizes.join(', ')} gateway sockets of one room, per CPU second of the server`,
  worksAnywhere: false,
  async *run(context) {
    const before = new Map<number, Pair>()
    for (const sockets of sizes) {
      const server = await startOwnServer(await newDataDir(), { MAX_GROUP_MEMBERS: String(MOST_PEOPLE) })
      const bare = await startBaseline('gateway')
      try {
        const job = await makeJob(context, server, sockets)
        for (const perSecond of rates) {
          const pair = await measurePair(context, server, bare, { ...job, perSecond })
          yield toResult(pair, before.get(perSecond))
          before.set(perSecond, pair)
        }
      } finally {
        await bare.stop()
        await server.stop()
      }
    }
  },
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
  const job = perSecond === 1 ? { ...given, ...timing(context.seconds * SLOW_FACTOR) } : given
  context.say(`${sockets.length} sockets, ${perSecond} messages/s`)
  const baseline = await measure({ ...job, sockets: atServer(sockets, bare.url) }, { server: bare.pid })
  const measured = await measure(job, { server: server.pid, database: server.databasePid })
  return { sockets: sockets.length, perSecond, measured, baseline }
}

function toResult(pair: Pair, smaller: Pair | undefined): Result {
  const { sockets, perSecond, measured, baseline } = pair
  return {
    name: `gateway-fan-out: ${sockets} sockets, ${perSecond}/s`,
    unit: 'deliveries/CPU s',
    value: perCpuSecond(measured),
    latency: measured.latency,
    baseline: perCpuSecond(baseline),
    baselineLatency: baseline.latency,
    ratioLimit: { atLeast: perSecond === 100 ? 1 : 0.9 },
    cores: measured.cores,
    baselineCores: baseline.cores,
    note: [
      `${costOfMessage(measured)} us CPU of the server a message, baseline ${costOfMessage(baseline)}`,
      `p99 ${Math.round(baseline.latency?.p99 ?? Number.NaN)} ms at the baseline`,
      ...(smaller ? [describeSlope(pair, smaller)] : []),
    ].join(', '),
  }
}

function costOfMessage({ serverCpuSeconds, count }: Measured): number {
  return Math.round(((serverCpuSeconds ?? Number.NaN) * 1e6) / count)
}

/**
 * What a further socket adds, from the difference to fewer sockets at the same rate: there the storing of the messages,
 * which the baseline does not do, cancels out.
 */
function describeSlope(pair: Pair, smaller: Pair): string {
  const further = (kind: 'measured' | 'baseline') => {
    const deliveries =
      perSecondOf(pair[kind].deliveries, pair[kind]) - perSecondOf(smaller[kind].deliveries, smaller[kind])
    const cpu = (pair[kind].cores.server ?? Number.NaN) - (smaller[kind].cores.server ?? Number.NaN)
    return ((cpu / deliveries) * 1e6).toFixed(1)
  }
  return `${further('measured')} us a further delivery, baseline ${further('baseline')}`
}

function perSecondOf(count: number, { seconds }: Measured): number {
  return count / seconds
}
