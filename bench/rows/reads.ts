import type { Sender } from '../generator/jobs.ts'
import { type Measured, measure } from '../measure.ts'
import { newDataDir, type OwnServer, startOwnServer } from '../own-server.ts'
import { middleOf, type Pair } from '../rounds.ts'
import { listRoomsOf, MESSAGES_PER_ROOM, peopleFor, searchedWord, seedMessages } from '../seed/messages.ts'
import { seedSearchIndex } from '../seed/search.ts'
import { nth } from '../subject.ts'
import { type Context, type RowGroup, WARMUP_SHARE } from './context.ts'

const SENDERS = 64
const SEARCHES = 50
const ROUNDS = 5

const FEW_ROOMS = 20
const MANY_ROOMS = 2_000

/** What is asked for: paths for somebody with these rooms. */
type Read = Readonly<{ name: string; paths(rooms: readonly number[], place: number): string[] }>

const kinds: readonly Read[] = [
  { name: 'chat list', paths: () => ['/api/chatrooms/'] },
  { name: 'message page', paths: (rooms) => rooms.map((room) => `/api/chatrooms/${room}/messages/`) },
  { name: 'unread', paths: () => ['/api/notifications/unread/'] },
  {
    name: 'search',
    paths: (_, place) =>
      Array.from({ length: SEARCHES }, (_, index) => `/api/search/messages/?q=${searchedWord(place + index)}`),
  },
]

/** Reading from a database that has grown. Its baseline is one with a hundredth of the rooms, each as full. */
export const reads: RowGroup = {
  name: 'read',
  about: `requests per second among ${FEW_ROOMS * MESSAGES_PER_ROOM} and among ${MANY_ROOMS * MESSAGES_PER_ROOM} messages`,
  worksAnywhere: false,
  async *run(context) {
    const few = await startFilled(context, FEW_ROOMS)
    const many = await startFilled(context, MANY_ROOMS)
    for (const kind of kinds) {
      context.say(`read: ${kind.name}`)
      const { measured, baseline } = await measureInTurn(context, { many, few }, kind)
      yield {
        name: `read: ${kind.name}`,
        unit: 'requests/s',
        value: measured.count / measured.seconds,
        latency: measured.latency,
        baseline: baseline.count / baseline.seconds,
        baselineLatency: baseline.latency,
        // At most 1.3 times as slow with a hundred times as much.
        ratioLimit: { atLeast: 1 / 1.3 },
        cores: measured.cores,
        baselineCores: baseline.cores,
      }
    }
    await Promise.all([few.server.stop(), many.server.stop()])
  },
}

async function measureInTurn(
  context: Context,
  { many, few }: { many: Filled; few: Filled },
  kind: Read,
): Promise<Pair> {
  const pairs: Pair[] = []
  while (pairs.length < ROUNDS) {
    const baseline = await measureReads(context, few, kind)
    pairs.push({ baseline, measured: await measureReads(context, many, kind) })
  }
  return middleOf(pairs)
}

/** A server with so many rooms in its database. */
type Filled = Readonly<{ server: OwnServer; rooms: number }>

async function startFilled(context: Context, rooms: number): Promise<Filled> {
  context.say(`filling a database with ${rooms * MESSAGES_PER_ROOM} messages in ${rooms} rooms`)
  const server = await startOwnServer(await newDataDir())
  await seedMessages(server.database, rooms, await server.people(peopleFor(rooms)))
  context.say('indexing them for search')
  await seedSearchIndex(server.databaseUrl)
  await server.database.query('VACUUM ANALYZE')
  await server.database.query('CHECKPOINT')
  return { server, rooms }
}

async function measureReads(context: Context, { server, rooms }: Filled, kind: Read): Promise<Measured> {
  const people = await server.people(Math.min(SENDERS, peopleFor(rooms)))
  const roomsOf = await listRoomsOf(server.database, people)
  const senders: Sender[] = Array.from({ length: SENDERS }, (_, place) => ({
    method: 'GET',
    token: nth(people, place).token,
    paths: kind.paths(nth(roomsOf, place), place),
  }))
  const warmupSeconds = context.seconds * WARMUP_SHARE
  return measure(
    { kind: 'http', origin: server.url, seconds: context.seconds, warmupSeconds, senders },
    { server: server.pid, database: server.databasePid },
  )
}
