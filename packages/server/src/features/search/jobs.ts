/**
 * Keeps the search index: what is sent, edited and deleted is taken in by a consumer of the log, so that a send does not
 * pay for it.
 *
 * Guarantees: the index has every message once as it is now, soon after its commit, whichever server dies in between.
 * On failure: the consumer tries again; what is left of deleted rooms is looked for every hour.
 */
import { MessageCreated, MessageDeleted, MessageUpdated } from '@confab/contract/messages/events'
import { RoomClosed } from '@confab/contract/rooms/events'
import { type Core, inTransaction } from '../../ctx.ts'
import type { Db } from '../../db/open.ts'
import { mapInSlices } from '../../lib/slices.ts'
import { LogConsumer, type Move, movePositions, type RoomEvent } from '../../realtime/consumer.ts'
import * as queries from './index-queries.ts'
import { indexMessage } from './terms.ts'

declare module '../../ctx.ts' {
  interface Services {
    search: SearchIndex
  }
}

const CONSUMER = 'search'

/** Messages that follow each other are taken in together, this often; a search does not wait for that. */
const TAKE_IN_EVERY_MS = 500

const PURGE_EVERY_MS = 60 * 60 * 1000

/** Messages taken in or out by one transaction of `rebuild` and `purge`. */
const BATCH = 2_000

/** The index and what keeps it. */
export class SearchIndex {
  readonly #core: Core
  readonly #consumer: LogConsumer
  #timer: NodeJS.Timeout | undefined
  #purging: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(core: Core) {
    this.#core = core
    const types = [MessageCreated.name, MessageUpdated.name, MessageDeleted.name, RoomClosed.name]
    this.#consumer = new LogConsumer(core, {
      name: CONSUMER,
      types,
      consume: (db, events, moves) => this.#takeIn(db, events, moves),
      intervalMs: TAKE_IN_EVERY_MS,
    })
  }

  start(): void {
    this.#consumer.start()
    this.#timer = setInterval(() => this.#purgeSoon(), PURGE_EVERY_MS)
    this.#timer.unref()
    this.#purgeSoon()
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await Promise.all([this.#consumer.stop(), this.#purging])
  }

  /** Events that the index does not know yet, as far as this server has heard of them. */
  get behind(): number {
    return this.#consumer.behind
  }

  /** Resolves when everything that this server has committed so far can be found, or after the time given. */
  settled(timeoutMs: number): Promise<void> {
    return this.#consumer.settled(timeoutMs)
  }

  /** Takes in all messages there are, for a database whose messages came without their events. @returns how many */
  async rebuild(): Promise<number> {
    let total = 0
    let texts: queries.MessageText[] = []
    do {
      const last = texts.at(-1) ?? { roomId: 0, messageId: 0 }
      texts = await inTransaction(this.#core, async (tx) => {
        const batch = await queries.listTextsAfter(tx, last, BATCH)
        await queries.upsertIndexed(tx, await mapInSlices(batch, toEntry))
        return batch
      })
      total += texts.length
    } while (texts.length === BATCH && !this.#isStopped)
    return total
  }

  /** Deletes what the index has of deleted rooms. @returns how many messages */
  async purge(): Promise<number> {
    let total = 0
    for (let count = BATCH; count === BATCH && !this.#isStopped; total += count) {
      count = await queries.removeOfDeletedRooms(this.#core.database.kysely, BATCH)
    }
    return total
  }

  async #takeIn(db: Db, events: readonly RoomEvent[], moves: readonly Move[]): Promise<number[]> {
    const present = new Map<number, queries.MessageText>()
    const gone = new Map<number, queries.MessageKey>()
    // Every event of a message comes with what the message is now.
    for (const event of events) {
      const key = keyOf(event)
      if (!key) continue
      if (event.text && event.sender)
        present.set(key.messageId, { ...key, content: event.text, username: event.sender })
      else gone.set(key.messageId, key)
    }
    if (events.some((event) => event.type === RoomClosed.name)) this.#purgeSoon()
    const texts = [...present.values()].filter((text) => !gone.has(text.messageId))
    const entries = await mapInSlices(texts, toEntry)
    return queries.takeIn(db, { moved: movePositions(CONSUMER, moves), entries, gone: [...gone.values()] })
  }

  #purgeSoon(): void {
    this.#purging = this.#purging
      .then(() => this.purge())
      .catch((error) => this.#core.log.warn({ err: error }, 'purging the search index failed; it is tried again'))
  }
}

/** Which message an event is about, if it is about one. */
function keyOf({ roomId, messageId, data }: RoomEvent): queries.MessageKey | undefined {
  const id = messageId ?? data?.message_id
  return typeof id === 'number' ? { roomId, messageId: id } : undefined
}

function toEntry({ roomId, messageId, content, username }: queries.MessageText) {
  return { roomId, messageId, ...indexMessage(roomId, content, username) }
}
