import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { ImageContentType, ImageKind } from './files.ts'
import { requireImageContentType } from './files.ts'

/** What is kept of an image besides its files. */
export interface ImageRow {
  key: string
  kind: ImageKind
  ownerId: number
  roomId: number | undefined
  contentType: ImageContentType
  width: number
  height: number
  bytes: number
}

/** An image as far as its files' names need it. */
export interface ImageFiles {
  key: string
  contentType: ImageContentType
}

/** Sweeps of all servers take turns. Any number will do that nothing else locks. */
const SWEEP_LOCK = 7_266_331

export async function insertImage(db: Db, image: ImageRow): Promise<void> {
  const { ownerId, roomId, contentType, ...rest } = image
  await db
    .insertInto('media')
    .values({ ...rest, owner_id: ownerId, room_id: roomId ?? null, content_type: contentType })
    .execute()
}

/** The image, if it is one of that kind and has its place. */
export async function findAttachedImage(db: Db, kind: ImageKind, key: string): Promise<ImageFiles | undefined> {
  const row = await db
    .selectFrom('media')
    .select(['key', 'content_type'])
    .where('key', '=', key)
    .where('kind', '=', kind)
    .where('attached_at', 'is not', null)
    .where('detached_at', 'is', null)
    .executeTakeFirst()
  return row && filesOf(row)
}

/** How many of the images were waiting for a place and now have it. */
export async function attachImages(tx: Tx, keys: readonly string[]): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('media')
    .set({ attached_at: sql`now()` })
    .where('key', 'in', keys)
    .where('attached_at', 'is', null)
    .where('detached_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

export async function detachImages(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx
    .updateTable('media')
    .set({ detached_at: sql`now()` })
    .where('key', 'in', keys)
    .where('detached_at', 'is', null)
    .execute()
}

export async function detachImagesOfRoom(tx: Tx, roomId: number): Promise<void> {
  await tx
    .updateTable('media')
    .set({ detached_at: sql`now()` })
    .where('room_id', '=', roomId)
    .where('detached_at', 'is', null)
    .execute()
}

/** Until the transaction ends no other sweep runs. False if one is running: there is nothing to wait for. */
export async function tryLockSweep(tx: Tx): Promise<boolean> {
  // The store may take minutes to delete the files, and the transaction says nothing meanwhile.
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(${SWEEP_LOCK}) AS locked,
      set_config('idle_in_transaction_session_timeout', '0', true)`.execute(tx)
  return rows[0]?.locked === true
}

/** Images never attached since `before`, or detached before it. Locked, so that none can be attached meanwhile. */
export async function lockExpiredImages(tx: Tx, before: Date, limit: number): Promise<ImageFiles[]> {
  const time = before.toISOString()
  const rows = await tx
    .selectFrom('media')
    .select(['key', 'content_type'])
    .where((or) =>
      or.or([or('detached_at', '<', time), or.and([or('attached_at', 'is', null), or('created_at', '<', time)])]),
    )
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(filesOf)
}

export async function deleteImages(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.deleteFrom('media').where('key', 'in', keys).execute()
}

/** Those of the keys that have a row, whatever its state. */
export async function listKnownKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('media').select('key').where('key', 'in', keys).execute()
  return new Set(rows.map((row) => row.key))
}

function filesOf(row: { key: string; content_type: string }): ImageFiles {
  return { key: row.key, contentType: requireImageContentType(row.content_type) }
}
