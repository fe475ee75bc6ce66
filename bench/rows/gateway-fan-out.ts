import { startBaseline } from '../baselines/start.ts'
import type { RoomOfRounds } from '../generator/jobs.ts'
import { perCpuSecond, RoundsLoad, type Watched } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import type { Pair } from '../rounds.ts'
import { median, percentile } from '../statistics.ts'
import { makeRoom, nth, type Person } from '../subject.ts'
import { atServer, type Context, gatewayUrl, type RowGroup, timing, WARMUP_SHARE } from './context.ts'

const sizes = [50, 500, 2_000]
/** The highest first: a server that has worked for a while has its code compiled, and so has the baseline. */
const rates = [100, 10, 1]

/** As many as the sockets need that send 100 messages a second and may send 20 each. */
const SENDERS = 10

/** Above this each person has several sockets; a server as it comes allows 10. */
const MOST_PEOPLE = 1_000

/**
 * How often each is measured, in turn with what it is compared with: the machine may be twice as fast a minute later. Of
 * the costs the one in the middle counts, since a collection of all garbage in one round costs more than the messages.
 */
const ROUNDS = 9

/** How long one round is, of the time that a figure is measured for; at one message a second there is little in that. */
const roundShare = (perSecond: number) => (perSecond === 1 ? 0.4 : 0.2)

/** Where deliveries cost less than this share of a core, the differences that they are taken from are mostly chance. */
const LEAST_CORES = 0.02

const environment = { MAX_GROUP_MEMBERS: String(MOST_PEOPLE), NOTIFY_MAX_MEMBERS: '0' }

/**
 * What was measured in one round: messages to the room of all sockets, and to another whose only sockets are those that
 * send into it.
 */
type Rooms = Readonly<{ many: Pair; few: Pair }>

/**
 * What it costs to deliver a message to many sockets of the gateway, at the rates at which rooms talk. Of what the server
 * spends, what it spends on the same messages where only their senders follow is taken off: storing, numbering and
 * consuming them, which the baseline does not do. All sockets are open all the while, so that what they cost while they are
 * quiet is in both. Nobody is notified, since how many are depends on the size of the room.
 */
export const gatewayFanOut: RowGroup = {
  name: 'gateway-fan-out',
  about: `messages at fixed rates to ${sizes.join(', ')} gateway sockets of one room, per CPU second of the server`,
  worksAnywhere: false,
  async *run(context) {
    for (const sockets of sizes) yield* measureSize(context, sockets)
  },
}

async function* measureSize(context: Context, sockets: number): AsyncGenerator<Result, void, void> {
  const server = await startOwnServer(await newDataDir(), environment)
  const bare = await startBaseline('gateway')
  const loads: RoundsLoad[] = []
  try {
    const { many, few } = await makeRooms(server, sockets)
    const open = async (url: string, watched: Watched) => {
      const rooms = [many, few].map(({ room, sockets }) => ({ room, sockets: atServer(sockets, url) }))
      const load = await RoundsLoad.open({ kind: 'rounds', rooms, senders: SENDERS }, watched)
      loads.push(load)
      return load
    }
    const baseline = await open(bare.url, { server: bare.pid })
    const measured = await open(server.url, { server: server.pid, database: server.databasePid })
    for (const perSecond of rates) {
      context.say(`${sockets} sockets, ${perSecond} messages/s`)
      const times = timing(context.seconds * roundShare(perSecond))
      const rounds: Rooms[] = []
      while (rounds.length < ROUNDS) {
        const warmupSeconds = rounds.length === 0 ? times.seconds * ROUNDS * WARMUP_SHARE : times.warmupSeconds
        const takeOf = async ({ room }: RoomOfRounds): Promise<Pair> => {
          const job = { kind: 'round', room, perSecond, ...times, warmupSeconds } as const
          return { baseline: await baseline.take(job), measured: await measured.take(job) }
        }
        rounds.push({ many: await takeOf(many), few: await takeOf(few) })
      }
      yield toResult({ sockets, perSecond, rounds })
    }
  } finally {
    for (const load of loads) await load.end()
    await bare.stop()
    await server.stop()
  }
}

/** A room that all sockets follow, and one that nobody of it is in. */
async function makeRooms(server: OwnServer, sockets: number): Promise<{ many: RoomOfRounds; few: RoomOfRounds }> {
  const people = await server.people(Math.min(sockets, MOST_PEOPLE) + SENDERS)
  const roomOf = async (members: readonly Person[], count: number): Promise<RoomOfRounds> => {
    const room = await makeRoom(server, members, `Room of ${members.length}`)
    const urls = Array.from({ length: count }, (_, index) => gatewayUrl(server.url, nth(members, index), [room]))
    return { room, sockets: urls }
  }
  return { few: await roomOf(people.slice(0, SENDERS), SENDERS), many: await roomOf(people.slice(SENDERS), sockets) }
}

type Row = Readonly<{ sockets: number; perSecond: number; rounds: readonly Rooms[] }>

function toResult({ sockets, perSecond, rounds }: Row): Result {
  const many = nth(rounds, rounds.length - 1).many
  const [ours, bare] = [deliveriesOf(rounds, 'measured'), deliveriesOf(rounds, 'baseline')]
  const isClear = Math.min(ours.cores, bare.cores) >= LEAST_CORES
  const [inAll, bareInAll] = [costInAll(rounds, 'measured'), costInAll(rounds, 'baseline')]
  return {
    name: `gateway-fan-out: ${sockets} sockets, ${perSecond}/s`,
    unit: 'deliveries/CPU s',
    value: isClear ? 1 / ours.cost : median(rounds.map((round) => perCpuSecond(round.many.measured))),
    latency: many.measured.latency,
    baseline: isClear ? 1 / bare.cost : undefined,
    baselineLatency: many.baseline.latency,
    ratioLimit: isClear ? { atLeast: perSecond === 100 ? 1 : 0.9 } : undefined,
    cores: many.measured.cores,
    baselineCores: many.baseline.cores,
    note: [
      isClear
        ? `${ours.spread} us in the middle half of the rounds, baseline ${bare.spread}`
        : 'too little to tell deliveries from the rest, which is counted here',
      `${inAll} us CPU of the server a message in all, baseline ${bareInAll}`,
      `p99 ${Math.round(many.baseline.latency?.p99 ?? Number.NaN)} ms at the baseline`,
    ].join(', '),
  }
}

/**
 * What deliveries to sockets other than the senders' cost, in the middle of the rounds: CPU seconds of each, and the share of
 * a core that they kept busy. `spread` has the quarters of the rounds, in microseconds.
 */
function deliveriesOf(rounds: readonly Rooms[], kind: keyof Pair): { cost: number; cores: number; spread: string } {
  const coresOf = ({ [kind]: { cores } }: Pair) => cores.server ?? Number.NaN
  const countOf = ({ [kind]: { deliveries, seconds } }: Pair) => deliveries / seconds
  const cores = rounds.map(({ many, few }) => coresOf(many) - coresOf(few))
  const costs = rounds.map(({ many, few }, index) => nth(cores, index) / (countOf(many) - countOf(few)))
  const sorted = Float64Array.from(costs).sort()
  const quarters = [0.25, 0.75].map((share) => (percentile(sorted, share) * 1e6).toFixed(1))
  return { cost: median(costs), cores: median(cores), spread: quarters.join(' to ') }
}

function costInAll(rounds: readonly Rooms[], kind: keyof Pair): number {
  const costs = rounds.map(({ many: { [kind]: one } }) => ((one.serverCpuSeconds ?? Number.NaN) * 1e6) / one.count)
  return Math.round(median(costs))
}
