/**
 * What a client that comes back is told again of what it missed.
 *
 * Guarantees: of a topic all that was missed is told, in order, or nothing but that it is to be fetched. What one client is
 * told is bounded, in events and bytes, and so is what a server holds of that because its clients have not taken it: in a
 * storm those who come while it holds too much fetch. So every client gets to its `ready`, however it comes.
 */
import { parseTopic, type Topic, topicOf } from '@confab/contract/define-event'
import type { LoggedEvent } from './bus.ts'
import type { SharedFrame } from './frame.ts'
import { eventFrames } from './gateway-frames.ts'
import { planReplay } from './gateway-input.ts'
import type { Stretch } from './log.ts'
import type { Realtime } from './realtime.ts'

/** Told again to one socket, about; where content has to be escaped it is more on the wire. */
const MAX_BYTES = 1024 * 1024

/** Held by a server for all its sockets. */
const MAX_UNTAKEN_BYTES = 64 * 1024 * 1024

/** What a client is told again, and the topics that it must fetch. */
export type Replay = Readonly<{ events: readonly LoggedEvent[]; resyncs: readonly Topic[] }>

/** The same as frames. `release` is to be called once, when the client has taken them or never will. */
export type RenderedReplay = Readonly<{
  frames: readonly SharedFrame[]
  resyncs: readonly Topic[]
  release(): void
}>

/** Where a client has missed more than this of its own topic, it is not looked at for what it says of rooms. */
const MAX_OWN_MISSED = 10_000

/**
 * Reads what a client has missed.
 *
 * @param now how far each topic has come, of all that the person follows
 * @param known how far the client has come
 */
export async function readReplay(
  realtime: Realtime,
  now: ReadonlyMap<Topic, number>,
  known: ReadonlyMap<Topic, number>,
): Promise<Replay> {
  const { stretches, resyncs } = planReplay(now, known)
  const positions = { now, known }
  const tooLong = resyncs.find(isOwn)
  const told = tooLong && (await readArrivals(realtime, tooLong, positions))
  if (tooLong && !told) return { events: [], resyncs: [...resyncs, ...stretches.map(({ topic }) => topic)] }
  const events = await realtime.readStretches(stretches, { maxBytes: MAX_BYTES })
  const cut = new Set(listCut(events, stretches))
  const cutShort = [...cut].find(isOwn)
  const arrivals = told ?? (cutShort ? await readArrivals(realtime, cutShort, positions) : listArrivals(events))
  for (const { topic } of stretches) if (!arrivals || arrivals.has(topic)) cut.add(topic)
  return { events: events.filter(({ topic }) => !cut.has(topic)), resyncs: [...resyncs, ...cut] }
}

/** The replays of a server that are on their way. */
export class Replays {
  readonly #mostUntakenBytes: number
  #untakenBytes = 0

  constructor(mostUntakenBytes = MAX_UNTAKEN_BYTES) {
    this.#mostUntakenBytes = mostUntakenBytes
  }

  /** Bytes of replays that clients have not taken yet. */
  get untakenBytes(): number {
    return this.#untakenBytes
  }

  /** Renders a replay as whoever reaches the server under the base URL gets it, if there is room for it. */
  render({ events, resyncs }: Replay, baseUrl: string): RenderedReplay {
    const frames = events.map((event) => eventFrames.get(event, baseUrl))
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    if (this.#untakenBytes + bytes > this.#mostUntakenBytes) {
      const topics = new Set(events.map(({ topic }) => topic))
      return { frames: [], resyncs: [...resyncs, ...topics], release: () => {} }
    }
    this.#untakenBytes += bytes
    const release = () => {
      this.#untakenBytes -= bytes
    }
    return { frames, resyncs, release }
  }
}

const isOwn = (topic: Topic) => parseTopic(topic).kind === 'user'

/** The topics of which not everything came: some is not in the log any more, or there was no room for it. */
function listCut(events: readonly LoggedEvent[], stretches: readonly Stretch[]): Topic[] {
  const counts = new Map<Topic, number>()
  for (const { topic } of events) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  return stretches.flatMap(({ topic, after, upTo }) => (counts.get(topic) === upTo - after ? [] : topic))
}

/** The rooms that a person came into, or came back to: they get no events of the time before. Their own topic says so. */
function listArrivals(events: readonly LoggedEvent[]): Set<Topic> {
  return new Set(
    events.flatMap(({ type, data }) =>
      type === 'room.created' ? topicOf('room', Number(Reflect.get(Object(data.room), 'id'))) : [],
    ),
  )
}

/** The same where that topic is not told again, from the log; undefined where it does not say, and nothing can be told. */
async function readArrivals(
  realtime: Realtime,
  own: Topic,
  { now, known }: { now: ReadonlyMap<Topic, number>; known: ReadonlyMap<Topic, number> },
): Promise<Set<Topic> | undefined> {
  const [after = Number.POSITIVE_INFINITY, upTo = 0] = [known.get(own), now.get(own)]
  if (after > upTo || upTo - after > MAX_OWN_MISSED) return undefined
  const rooms = await realtime.readArrivals({ topic: own, after, upTo })
  return rooms && new Set(rooms.map((id) => topicOf('room', id)))
}
