import { createHash } from 'node:crypto'
import { postgresCode } from '../../ctx.ts'
import type { Db } from '../../db/open.ts'
import { getClusterMark, getMark } from './queries.ts'

/** A failover to another cluster shows this late at the most. */
const FRESH_MS = 10_000

/** SQLSTATE insufficient_privilege. */
const NOT_ALLOWED = '42501'

/**
 * Gives the epoch of the database: what tells it from one restored from a backup, in which numbers given since then
 * would be given again. It changes with the cluster, with its timeline, and with the database's own mark.
 */
export function createEpochReader(db: Db): () => Promise<string> {
  let known: Promise<string> | undefined
  let readAt = 0
  return () => {
    if (known && Date.now() - readAt < FRESH_MS) return known
    readAt = Date.now()
    known = readEpoch(db)
    known.catch(() => {
      known = undefined
    })
    return known
  }
}

async function readEpoch(db: Db): Promise<string> {
  const mark = await getMark(db)
  const cluster = await getClusterMark(db).catch((error: unknown) => {
    // A managed Postgres may not let its users ask; its own mark must do then. Any other failure passes, and an epoch
    // made in spite of it would be another one.
    if (postgresCode(error) === NOT_ALLOWED) return ''
    throw error
  })
  return createHash('sha256').update(`${mark} ${cluster}`).digest('hex').slice(0, 16)
}
