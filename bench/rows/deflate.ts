import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startBaseline } from '../baselines/start.ts'
import { openGateway } from '../generator/gateways.ts'
import type { PacedJob } from '../generator/jobs.ts'
import { type Measured, measure, perCpuSecond } from '../measure.ts'
import { newDataDir, startOwnServer } from '../own-server.ts'
import type { Result } from '../report.ts'
import { seedRooms } from '../seed/rooms.ts'
import { WORDS } from '../seed/words.ts'
import { nth } from '../subject.ts'
import { readUsage } from '../usage.ts'
import { type Context, gatewayUrl, type RowGroup, timing } from './context.ts'

const SOCKETS = 500
const PEOPLE = 100
const ROOMS_EACH = 50

/** As many messages as one socket may send at once. */
const RECORDED = 50

/** What compresses, beside nothing at all. */
const names = {
  context: 'for each socket, with context',
  'no-context': 'for each socket, without context',
  shared: 'once for all sockets',
} as const

type How = keyof typeof names

/** Frames that are told, and how often: rates that one core can compress for each socket. */
type Kind = Readonly<{ name: string; texts: readonly string[]; perSecond: number; ways: readonly How[] }>

/** What permessage-deflate would save and cost. */
export const deflate: RowGroup = {
  name: 'deflate',
  about: `deliveries per CPU second and bytes of recorded frames to ${SOCKETS} sockets, compressed and not`,
  worksAnywhere: false,
  async *run(context) {
    context.say('recording frames')
    const { ready, messages } = await record()
    const kinds: Kind[] = [
      { name: 'message', texts: messages, perSecond: 20, ways: ['context', 'no-context', 'shared'] },
      // Each socket gets one, the first of all its frames, and nobody else gets the same.
      { name: 'ready', texts: [ready], perSecond: 1, ways: ['no-context'] },
    ]
    for (const kind of kinds) yield* measureKind(context, kind)
  },
}

/** A `ready` frame of somebody with 50 rooms, and the events of messages of a dozen words. */
async function record(): Promise<{ ready: string; messages: string[] }> {
  const server = await startOwnServer(await newDataDir())
  try {
    const people = await server.people(PEOPLE)
    const rooms = await seedRooms(server.database, people, ROOMS_EACH)
    const messages: string[] = []
    const all = Promise.withResolvers<void>()
    const onText = (payload: Buffer) => {
      if (payload.includes('"type":"message.created"')) messages.push(payload.toString())
      if (messages.length === RECORDED) all.resolve()
    }
    const { socket, ready } = await openGateway(gatewayUrl(server.url, nth(people, 0)), { onText, onClose() {} })
    for (let index = 0; index < RECORDED; index++) {
      const content = Array.from({ length: 12 }, (_, place) =>
        nth(WORDS, (index * 37 + place * place * 11) % 400),
      ).join(' ')
      const room = nth(nth(rooms, 0), index)
      socket.send(
        JSON.stringify({ type: 'message.send', ref: `${index}`, client_id: `record-${index}`, room, content }),
      )
    }
    await all.promise
    socket.cut()
    return { ready, messages }
  } finally {
    await server.stop()
  }
}

async function* measureKind(context: Context, kind: Kind): AsyncGenerator<Result, void, void> {
  const file = path.join(await newDataDir(), 'frames.json')
  await writeFile(file, JSON.stringify(kind.texts))
  for (const how of kind.ways) {
    const name = names[how]
    context.say(`${kind.name} frames, ${name}`)
    const plain = await measureWay(context, kind, { file, how: 'none' })
    const compressed = await measureWay(context, kind, { file, how })
    yield {
      name: `deflate: ${kind.name}, ${name}`,
      unit: 'deliveries/CPU s',
      value: perCpuSecond(compressed),
      latency: compressed.latency,
      baseline: perCpuSecond(plain),
      baselineLatency: plain.latency,
      cores: compressed.cores,
      baselineCores: plain.cores,
      note: `${describe(compressed)}, baseline ${describe(plain)}`,
    }
  }
}

type Way = Measured & Readonly<{ rssBytes: number | undefined }>

function describe({ bytes, deliveries, rssBytes = Number.NaN }: Way): string {
  return `${Math.round(bytes / deliveries)} bytes and ${Math.round(rssBytes / 1024 ** 2)} MB`
}

async function measureWay(
  context: Context,
  kind: Kind,
  { file, how }: { file: string; how: How | 'none' },
): Promise<Way> {
  const server = await startBaseline('deflate', [file, how])
  const job: PacedJob = {
    kind: 'paced',
    origin: server.url,
    ...timing(context.seconds),
    sockets: Array.from({ length: SOCKETS }, () => `${server.url.replace(/^http/, 'ws')}/`),
    // What is compressed cannot be told apart, so one sends all and their order is known.
    senders: 1,
    room: 1,
    perSecond: kind.perSecond,
    extensions: 'permessage-deflate',
  }
  try {
    const measured = await measure(job, { server: server.pid })
    return { ...measured, rssBytes: (await readUsage(server.pid))?.rssBytes }
  } finally {
    await server.stop()
  }
}
