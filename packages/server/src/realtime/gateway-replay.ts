/**
 * What a client that comes back is told again of what it missed.
 *
 * Guarantees: of a topic all that was missed is told, in order, or nothing but that it is to be fetched. What one client is
 * told is bounded, in events and bytes, and so is what a server holds of that because its clients have not taken it: in a
 * storm those who come while it holds too much fetch. So every client gets to its `ready`, however it comes.
 */
import { parseTopic, type Topic } from '@confab/contract/define-event'
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

/**
 * Reads what a client has missed.
 *
 * @param now how far each topic has come, of all that the person follows; the person's own first
 * @param known how far the client has come
 */
export async function readReplay(
  realtime: Realtime,
  now: ReadonlyMap<Topic, number>,
  known: ReadonlyMap<Topic, number>,
): Promise<Replay> {
  const { stretches, resyncs } = planReplay(now, known)
  const events = resyncs.some(isOwn) ? [] : await realtime.readStretches(stretches, { maxBytes: MAX_BYTES })
  const cut = listCut(events, stretches)
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

/**
 * The topics whose events cannot be replayed: some are not in the log any more, there was no room for them, or the person
 * was away from the room and came back, and gets no events of the time between. Where they were away their own topic says:
 * without it nothing can be replayed.
 */
function listCut(events: readonly LoggedEvent[], stretches: readonly Stretch[]): Set<Topic> {
  const counts = new Map<Topic, number>()
  const returned = new Set<string>()
  for (const { topic, type, data } of events) {
    counts.set(topic, (counts.get(topic) ?? 0) + 1)
    if (type === 'room.created') returned.add(`room:${Reflect.get(Object(data.room), 'id')}`)
  }
  const cut = stretches.filter(({ topic, after, upTo }) => counts.get(topic) !== upTo - after || returned.has(topic))
  return new Set((cut.some(({ topic }) => isOwn(topic)) ? stretches : cut).map(({ topic }) => topic))
}
