import { sql } from 'kysely'
import type { Core } from '../ctx.ts'

/** Rows deleted in one statement, so that none holds its locks for long. */
const BATCH = 5_000
const EVERY_MS = 3_600_000

/** Any number will do, as long as all servers of a database agree on it. */
const LOCK = 7_266_323

/**
 * Deletes events that are older than the retention: a client that was away for longer fetches afresh. The messages
 * themselves stay. One server of a database does it at a time.
 */
export class EventRetention {
  readonly #core: Core
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(core: Core) {
    this.#core = core
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.prune(new Date()).catch((error) => {
        this.#core.log.warn({ err: error }, 'old events could not be deleted')
      })
    }, EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** @returns how many events were deleted */
  async prune(now: Date): Promise<number> {
    const before = new Date(now.getTime() - this.#core.config.eventRetentionDays * 86_400_000).toISOString()
    return this.#core.database.kysely.connection().execute(async (db) => {
      const { rows } = await sql<{ locked: boolean }>`SELECT pg_try_advisory_lock(${LOCK}) AS locked`.execute(db)
      if (!rows[0]?.locked) return 0
      try {
        let deleted = 0
        for (const table of ['room_events', 'user_events']) {
          for (let count = BATCH; count === BATCH; deleted += count) {
            const result = await sql`
              DELETE FROM ${sql.table(table)} WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM ${sql.table(table)} WHERE created_at < ${before} LIMIT ${BATCH}
              ))`.execute(db)
            count = Number(result.numAffectedRows ?? 0)
          }
        }
        return deleted
      } finally {
        await sql`SELECT pg_advisory_unlock(${LOCK})`.execute(db)
      }
    })
  }
}
