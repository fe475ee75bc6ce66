/**
 * What happens to notifications by itself: members are told of new messages, those of deleted messages are forgotten, and old
 * ones are deleted.
 *
 * Guarantees: one notification a message and member, however often a server dies in between, and from whichever server.
 * On failure: telling is tried again by the consumer of the log, deleting an hour later.
 */
import { MessageCreated, MessageDeleted } from '@confab/contract/messages/events'
import { MAX_CREATED_AT_ONCE } from '@confab/contract/notifications/events'
import type { Core } from '../../ctx.ts'
import type { Db } from '../../db/open.ts'
import { LogConsumer, type Move, type RoomEvent } from '../../realtime/consumer.ts'
import { findMentions } from './mentions.ts'
import { removeReadBefore } from './queries.ts'
import { toCreatedEvents } from './told-events.ts'
import * as told from './told-queries.ts'

declare module '../../ctx.ts' {
  interface Services {
    notifications: NotificationJobs
  }
}

/** Of messages that follow each other the notifications are told together, this often. */
const TELL_EVERY_MS = 250

/** How long a notification is kept after it was made, once it is read. */
const KEEP_READ_MS = 90 * 24 * 60 * 60 * 1000

const PRUNE_EVERY_MS = 60 * 60 * 1000

/** Deleted by one statement. */
const PRUNE_BATCH = 5_000

/** The background work of a server on notifications. */
export class NotificationJobs {
  readonly #core: Core
  readonly #consumer: LogConsumer
  #timer: NodeJS.Timeout | undefined
  #pruning: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(core: Core) {
    this.#core = core
    this.#consumer = new LogConsumer(core, {
      name: 'notifications',
      types: [MessageCreated.name, MessageDeleted.name],
      consume: (_db, events, moves) => tellMembers(core, events, moves),
      intervalMs: TELL_EVERY_MS,
    })
  }

  start(): void {
    this.#consumer.start()
    this.#timer = setInterval(() => {
      this.#pruning = this.prune(new Date()).catch((error) => {
        this.#core.log.warn({ err: error }, 'deleting old notifications failed; it is tried again in an hour')
      })
    }, PRUNE_EVERY_MS)
    this.#timer.unref()
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await Promise.all([this.#consumer.stop(), this.#pruning])
  }

  /** Events that members are not told of yet, as far as this server has heard of them. */
  get behind(): number {
    return this.#consumer.behind
  }

  /** Resolves when members are told of everything that this server has committed so far, or after the time given. */
  settled(timeoutMs: number): Promise<void> {
    return this.#consumer.settled(timeoutMs)
  }

  /**
   * Deletes read notifications that were made 90 days before `at`. Any number of servers may do so at once.
   *
   * @returns how many are gone
   */
  async prune(at: Date): Promise<number> {
    const before = new Date(at.getTime() - KEEP_READ_MS)
    let total = 0
    for (let count = PRUNE_BATCH; count === PRUNE_BATCH && !this.#isStopped; total += count) {
      count = await removeReadBefore(this.#core.database.kysely, before, PRUNE_BATCH)
    }
    return total
  }
}

async function tellMembers(
  { database, config, services }: Core,
  events: readonly RoomEvent[],
  moves: readonly Move[],
): Promise<number[]> {
  // Before the positions move: where that fails it is done once more. Of what is deleted in the same run nobody is told.
  await told.removeUnreadOfDeleted(database.kysely, events.flatMap(deletedBy))
  const messages = events.flatMap(({ roomId, messageId }) => (messageId === null ? [] : [{ roomId, messageId }]))
  const mentions = await findMentioned(database.kysely, events)
  const maxMembers = config.notifyMaxMembers
  const { moved, rows } = await told.insertToldOfMessages(database.kysely, {
    moves,
    messages,
    mentions,
    maxMembers,
    maxAtOnce: MAX_CREATED_AT_ONCE,
  })
  // Where somebody has more events than one, those who follow their topic see the gap before it, and read it.
  services.realtime.publish(toCreatedEvents(rows))
  return moved
}

/** The message that an event says is deleted. */
function deletedBy({ type, roomId, data }: RoomEvent): told.DeletedMessage[] {
  const no = type === MessageDeleted.name ? data?.no : undefined
  return typeof no === 'number' ? [{ roomId, no }] : []
}

async function findMentioned(db: Db, events: readonly RoomEvent[]): Promise<told.MentionRef[]> {
  const found = events.flatMap(({ roomId, messageId, text }) =>
    messageId === null ? [] : findMentions(text ?? '').map((names) => ({ roomId, messageId, names })),
  )
  if (found.length === 0) return []
  const names = new Map(
    found.flatMap(({ roomId, names }) => names.map((name) => [keyOf(roomId, name), { roomId, name }])),
  )
  const members = await told.listMembersNamed(db, [...names.values()])
  const userIds = new Map(members.map((member) => [keyOf(member.roomId, member.name), member.userId]))
  return found.flatMap(({ roomId, messageId, names }) => {
    const name = names.find((one) => userIds.has(keyOf(roomId, one)))
    const userId = name === undefined ? undefined : userIds.get(keyOf(roomId, name))
    return userId === undefined ? [] : [{ messageId, userId }]
  })
}

function keyOf(roomId: number, name: string): string {
  return `${roomId}:${name}`
}
