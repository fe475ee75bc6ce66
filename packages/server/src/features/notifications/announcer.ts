/**
 * Tells everyone what staff announced, some people at a time: nobody waits for long while others are told.
 *
 * Guarantees: everyone who was there when it was announced is told once, whichever server does it and however often one
 * dies in between. Any number of servers may do this at once: each announcement is the work of one of them at a time.
 * On failure: what is left is tried again a minute later.
 */
import { type Core, inTransaction } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { BackgroundWork } from '../../lib/background-work.ts'
import * as announcements from './announcement-queries.ts'
import { notify } from './service.ts'

declare module '../../ctx.ts' {
  interface Services {
    announcer: Announcer
  }
}

/** Told in one transaction. */
const PEOPLE_AT_ONCE = 1_000

/** How often it is looked for what a server that died has left. */
const LOOK_EVERY_MS = 60_000

/** The background work of a server on announcements. */
export class Announcer {
  readonly #core: Core
  readonly #peopleAtOnce: number
  readonly #work: BackgroundWork

  /** @param options.peopleAtOnce told in one transaction, where it is not to be the usual number */
  constructor(core: Core, options: { peopleAtOnce?: number } = {}) {
    this.#core = core
    this.#peopleAtOnce = options.peopleAtOnce ?? PEOPLE_AT_ONCE
    this.#work = new BackgroundWork(() => this.tellAll(), {
      everyMs: LOOK_EVERY_MS,
      onFailure: (error) => core.log.warn({ err: error }, 'telling everyone failed; it is tried again in a minute'),
    })
  }

  /** Begins with what was left behind. */
  start(): void {
    this.#work.start()
  }

  /** Finishes the part under way and does no more. */
  stop(): Promise<void> {
    return this.#work.stop()
  }

  /** Says that there is something to tell. */
  wake(): void {
    this.#work.wake()
  }

  /** Tells everyone who is left of all announcements, but for those that another server is busy with. */
  async tellAll(): Promise<void> {
    let isMore = true
    while (isMore && !this.#work.isStopped) {
      isMore = await inTransaction(this.#core, (tx) => tellNext(tx, this.#peopleAtOnce))
    }
  }
}

/** Tells the next people of the oldest announcement. @returns whether there was one */
async function tellNext(tx: Tx, limit: number): Promise<boolean> {
  const announcement = await announcements.takeOldest(tx)
  if (!announcement) return false
  const ids = await announcements.listUntold(tx, announcement, limit)
  const lastId = ids.at(-1)
  if (lastId === undefined) {
    await announcements.remove(tx, announcement.id)
    return true
  }
  const userIds = ids.filter((id) => id !== announcement.announcerId)
  await notify(tx, { type: 'system', userIds, content: announcement.content })
  await announcements.moveOn(tx, announcement.id, lastId)
  return true
}
