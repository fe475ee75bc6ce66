import type { Logger } from 'pino'
import type { Db } from '../../db/open.ts'
import { imageFile, parseImageFile } from './files.ts'
import { deleteImages, listKnownKeys, lockExpiredImages, tryLockSweep } from './queries.ts'
import type { MediaStorage, StoredFile } from './storage.ts'

/** How long an image may wait for its place, and how long its files outlive it. */
const SWEEP_AFTER_MS = 24 * 60 * 60 * 1000

const SWEEP_EVERY_MS = 60 * 60 * 1000

/** Listing a large store is slow, so files are compared with rows only at every so many sweeps, the first included. */
const STRAYS_EVERY = 24

/** Images or files dealt with in one transaction. */
const BATCH = 200

/** What a sweep deleted. */
export interface Swept {
  /** Images that had no place for a day. */
  images: number
  /** Files that belonged to no image. */
  strayFiles: number
}

/** What the sweeper needs. */
export interface SweeperOptions {
  db: Db
  storage: MediaStorage
  log: Pick<Logger, 'info' | 'error'>
  /** The clock, in milliseconds. */
  now: () => number
  /** Milliseconds from one sweep to the next. */
  everyMs?: number
}

/** Deletes what has had no place for a day: when asked, and regularly between `start` and `stop`. */
export function createSweeper({ db, storage, log, now, everyMs = SWEEP_EVERY_MS }: SweeperOptions) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let count = 0

  const sweep = async (at: Date, withStrays = true): Promise<Swept> => {
    const before = new Date(at.getTime() - SWEEP_AFTER_MS)
    const images = await sweepImages(db, storage, before)
    return { images, strayFiles: withStrays ? await sweepStrayFiles(db, storage, before) : 0 }
  }
  const tick = async () => {
    try {
      const swept = await sweep(new Date(now()), count++ % STRAYS_EVERY === 0)
      if (swept.images + swept.strayFiles > 0) log.info(swept, 'images without a place deleted')
    } catch (error) {
      log.error({ err: error }, 'sweeping images failed; the next sweep will try again')
    }
  }
  return {
    sweep,
    start(): void {
      timer ??= setInterval(() => {
        running = running.then(tick)
      }, everyMs).unref()
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      timer = undefined
      await running
    },
  }
}

/**
 * Deletes the images that have no place since before that time: first the files, then, in one transaction with the lock
 * on them, the rows. A crash in between leaves rows without files, which the next sweep deletes.
 * @returns how many images are gone
 */
async function sweepImages(db: Db, storage: MediaStorage, before: Date): Promise<number> {
  let total = 0
  let swept: number
  do {
    swept = await sweepBatch(db, storage, before)
    total += swept
  } while (swept === BATCH)
  return total
}

/**
 * Deletes files older than that time which no row knows of. Rows are written before files, so there are none unless the
 * database was restored to an earlier state or somebody put files there.
 * @returns how many files are gone
 */
async function sweepStrayFiles(db: Db, storage: MediaStorage, before: Date): Promise<number> {
  let total = 0
  let batch: string[] = []
  for await (const file of storage.list()) {
    if (!isOlder(file, before)) continue
    batch.push(file.name)
    if (batch.length < BATCH) continue
    total += await deleteStrays(db, storage, batch)
    batch = []
  }
  return total + (await deleteStrays(db, storage, batch))
}

function sweepBatch(db: Db, storage: MediaStorage, before: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    if (!(await tryLockSweep(tx))) return 0
    const images = await lockExpiredImages(tx, before, BATCH)
    if (images.length === 0) return 0
    await storage.delete(
      images.flatMap(({ key, contentType }) => [
        imageFile(key, contentType, 'full'),
        imageFile(key, contentType, 'thumb'),
      ]),
    )
    await deleteImages(
      tx,
      images.map((image) => image.key),
    )
    return images.length
  })
}

async function deleteStrays(db: Db, storage: MediaStorage, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0
  const keys = new Set(names.flatMap((name) => parseImageFile(name)?.key ?? []))
  const known = await listKnownKeys(db, [...keys])
  const strays = names.filter((name) => !known.has(parseImageFile(name)?.key ?? ''))
  await storage.delete(strays)
  return strays.length
}

function isOlder(file: StoredFile, before: Date): boolean {
  return file.modifiedAt < before
}
