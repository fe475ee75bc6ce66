import { startBaseline } from '../baselines/start.ts'
import type { RoomOfRounds } from '../generator/jobs.ts'
import { type Measured, perCpuSecond, RoundsLoad, type Watched } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import type { Pair } from '../rounds.ts'
import { makeRoom, nth, type Person } from '../subject.ts'
import { atServer, type Context, gatewayUrl, type RowGroup, timing, WARMUP_SHARE } from './context.ts'

const sizes = [50, 500, 2_000]
/** The highest first: a server that has worked for a while has its code compiled, and so has the baseline. */
const rates = [100, 10, 1]

/** As many as the sockets need that send 100 messages a second and may send 20 each. */
const SENDERS = 10

/** Above this each person has several sockets; a server as it comes allows 10. */
const MOST_PEOPLE = 1_000

/** How often each is measured, in turn with what it is compared with: the machine may be faster a minute later. */
const ROUNDS = 5

/** How long one round is, of the time that a figure is measured for; at one message a second there is little in that. */
const roundShare = (perSecond: number) => (perSecond === 1 ? 0.6 : 0.3)

/**
 * Where deliveries cost less than this share of a core, the differences that they are taken from are mostly chance: measured,
 * what was 6 thousandths in one run was 13 in another.
 */
const LEAST_CORES = 0.02

const environment = { MAX_GROUP_MEMBERS: String(MOST_PEOPLE), NOTIFY_MAX_MEMBERS: '0' }

/**
 * What was measured at one rate: messages to the room of all sockets, and to another whose only sockets are those that
 * send into it.
 */
type Rooms = { many: Pair; few: Pair }

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
      let rooms: Rooms | undefined
      for (let round = 0; round < ROUNDS; round++) {
        const warmupSeconds = round === 0 ? times.seconds * ROUNDS * WARMUP_SHARE : times.warmupSeconds
        const takeOf = async ({ room }: RoomOfRounds): Promise<Pair> => {
          const job = { kind: 'round', room, perSecond, ...times, warmupSeconds } as const
          return { baseline: await baseline.take(job), measured: await measured.take(job) }
        }
        rooms = { many: await takeOf(many), few: await takeOf(few) }
      }
      if (rooms) yield toResult({ sockets, perSecond, ...rooms })
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

type Row = Readonly<{ sockets: number; perSecond: number }> & Rooms

function toResult(row: Row): Result {
  const { sockets, perSecond, many } = row
  const { measured, baseline } = many
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
function deliveriesOf({ few, many }: Rooms, kind: keyof Pair): { perSecond: number; cores: number } {
  const coresOf = ({ [kind]: { cores } }: Pair) => cores.server ?? Number.NaN
  const countOf = ({ [kind]: { deliveries, seconds } }: Pair) => deliveries / seconds
  return { perSecond: countOf(many) - countOf(few), cores: coresOf(many) - coresOf(few) }
}

function costOfMessage({ serverCpuSeconds, count }: Measured): number {
  return Math.round(((serverCpuSeconds ?? Number.NaN) * 1e6) / count)
}
