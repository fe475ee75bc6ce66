import { setTimeout as delay } from 'node:timers/promises'
import { startBaseline } from '../baselines/start.ts'
import type { IdleJob } from '../generator/jobs.ts'
import { whileOpen } from '../measure.ts'
import { newDataDir, startOwnServer } from '../own-server.ts'
import { inParallel, makeRoom, type Person, type Subject } from '../subject.ts'
import { readUsage } from '../usage.ts'
import type { RowGroup } from './context.ts'

const SOCKETS = 5_000
/** Opened and closed before, so that what the first sockets of a process cost is not counted. */
const FIRST_SOCKETS = 250

/** Memory is read when it has not grown for this long. */
const SETTLE_MS = 5_000

/** What sockets cost that nothing happens on. */
export const idle: RowGroup = {
  name: 'idle',
  about: `memory of each of ${SOCKETS} idle chat sockets, each of another person, two to a room`,
  worksAnywhere: false,
  async *run(context) {
    const dataDir = await newDataDir()
    context.say(`${SOCKETS} people, two in each room`)
    const maker = await startOwnServer(dataDir)
    const sockets = await makeSockets(maker)
    await maker.stop()
    // A server that has made all those rooms would have room for the sockets left over.
    const server = await startOwnServer(dataDir)
    context.say(`${SOCKETS} sockets`)
    const value = await memoryOf({ origin: server.url, sockets }, server.pid)
    await server.stop()
    const baseline = await startBaseline('broadcast')
    const bare = await memoryOf({ origin: baseline.url, sockets }, baseline.pid)
    await baseline.stop()
    yield { name: `idle: ${SOCKETS} sockets`, unit: 'KB a socket', value, limit: { atMost: 12 }, baseline: bare }
  },
}

async function makeSockets(subject: Subject): Promise<string[]> {
  const people = await subject.people(SOCKETS)
  const pairs = people.flatMap((person, index): [Person, Person][] => {
    const other = people[index + 1]
    return index % 2 === 0 && other ? [[person, other]] : []
  })
  const sockets: string[] = []
  await inParallel(pairs, 8, async (pair) => {
    const room = await makeRoom(subject, pair, '')
    for (const person of pair) sockets.push(`/ws/chat/${room}/?token=${person.token}`)
  })
  return sockets
}

/** The growth of a server's resident memory by each socket, in kilobytes of 1,024 bytes. */
async function memoryOf({ origin, sockets }: Omit<IdleJob, 'kind'>, pid: number): Promise<number> {
  await whileOpen({ kind: 'idle', origin, sockets: sockets.slice(0, FIRST_SOCKETS) }, async () => {})
  const before = await settledMemory(pid)
  return whileOpen({ kind: 'idle', origin, sockets }, async () => {
    return ((await settledMemory(pid)) - before) / sockets.length / 1024
  })
}

async function settledMemory(pid: number): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY
  for (;;) {
    await delay(SETTLE_MS)
    const now = (await readUsage(pid))?.rssBytes
    if (now === undefined) throw new Error('the memory of a process can be read on Linux only')
    if (now >= lowest) return lowest
    lowest = now
  }
}
