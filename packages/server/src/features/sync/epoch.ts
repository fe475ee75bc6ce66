import { createHash } from 'node:crypto'
import type { Db } from '../../db/open.ts'
import { getClusterMark, getMark } from './queries.ts'

/** A failover to another cluster shows this late at the most. */
const FRESH_MS = 10_000

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
  // A managed Postgres may not let its users ask; its own mark must do then.
  const cluster = await getClusterMark(db).catch(() => '')
  return createHash('sha256').update(`${mark} ${cluster}`).digest('hex').slice(0, 16)
}
