import { startBaseline } from '../baselines/start.ts'
import type { SendingSocket, SocketSendJob } from '../generator/jobs.ts'
import { type Measured, measure } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import { inParallel, makeRoom, nth, type Person } from '../subject.ts'
import { atServer, type Context, gatewayUrl, type RowGroup, timing } from './context.ts'
import { costOf } from './sends.ts'

const SENDERS = 64

/** Rooms, their members, and the sockets; `rest` is the row of the same by REST. */
type Case = Readonly<{
  name: string
  rooms: number
  members: number
  people: number
  socketsPerPerson: number
  rest: string
}>

/** A socket may send 20 frames a second, so that each sender needs several; all of them are told of the rooms' messages. */
const cases: readonly Case[] = [
  {
    name: 'socket-send: one room of 64',
    rooms: 1,
    members: 64,
    people: 64,
    socketsPerPerson: 4,
    rest: 'send: one room of 50',
  },
  {
    name: 'socket-send: 200 rooms of 5',
    rooms: 200,
    members: 5,
    people: 320,
    socketsPerPerson: 1,
    rest: 'send: 200 rooms of 5',
  },
]

/** Durable sends through the gateway. */
export const socketSends: RowGroup = {
  name: 'socket-send',
  about: 'durable sends per second through the gateway, 64 senders that wait for each ack',
  worksAnywhere: false,
  async *run(context) {
    for (const each of cases) {
      const server = await startOwnServer(await newDataDir())
      try {
        yield await measureCase(context, server, each)
      } finally {
        await server.stop()
      }
    }
  },
}

async function measureCase(context: Context, server: OwnServer, each: Case): Promise<Result> {
  const job: SocketSendJob = {
    kind: 'socket-send',
    senders: await makeSenders(server, each),
    ...jobTiming(context, server),
  }
  const baseline = await measureBaseline(job, server)
  context.say(`${each.name}: ${SENDERS} senders, ${job.senders.flat().length} sockets`)
  const measured = await measure(job, { server: server.pid, database: server.databasePid })
  const value = measured.count / measured.seconds
  const rest = context.measured(each.rest)
  return {
    name: each.name,
    unit: 'messages/s',
    value,
    latency: measured.latency,
    baseline: baseline.count / baseline.seconds,
    baselineLatency: baseline.latency,
    ratioLimit: { atLeast: 0.5 },
    cores: measured.cores,
    baselineCores: baseline.cores,
    note: [
      costOf(measured, baseline),
      `${Math.round(measured.deliveries / measured.count)} deliveries each`,
      ...(rest ? [`${(value / rest.value).toFixed(2)} of REST`] : []),
    ].join(', '),
  }
}

function jobTiming(context: Context, { url }: OwnServer) {
  return { origin: url, ...timing(context.seconds) }
}

async function makeSenders(server: OwnServer, each: Case): Promise<SendingSocket[][]> {
  const people = await server.people(each.people)
  const roomsOf = new Map<Person, number[]>(people.map((person) => [person, []]))
  await inParallel(Array.from({ length: each.rooms }), 8, async (_, index) => {
    const members = Array.from({ length: each.members }, (_, place) => nth(people, index * each.members + place))
    const room = await makeRoom(server, members, `Room ${index}`)
    for (const member of members) roomsOf.get(member)?.push(room)
  })
  const sockets = [...roomsOf].flatMap(([person, rooms]) =>
    Array.from({ length: each.socketsPerPerson }, () => ({ url: gatewayUrl(server.url, person, rooms), rooms })),
  )
  const perSender = sockets.length / SENDERS
  return Array.from({ length: SENDERS }, (_, index) => sockets.slice(index * perSender, (index + 1) * perSender))
}

async function measureBaseline(job: SocketSendJob, server: OwnServer): Promise<Measured> {
  const baseline = await startBaseline('gateway', ['--database', server.databaseUrl])
  const senders = job.senders.map((own) =>
    own.map(({ url, rooms }) => ({ url: atServer([url], baseline.url)[0] ?? '', rooms })),
  )
  try {
    return await measure({ ...job, senders }, { server: baseline.pid, database: server.databasePid })
  } finally {
    await baseline.stop()
  }
}
