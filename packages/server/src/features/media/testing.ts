import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@confab/testkit/database'
import fastify from 'fastify'
import { pino } from 'pino'
import sharp from 'sharp'
import type { Tx } from '../../db/open.ts'
import { replyWithError } from '../../http/errors.ts'
import { openDiskStorage } from './disk-storage.ts'
import { type ImageKind, imageFile } from './files.ts'
import { mediaRoutes } from './routes.ts'
import { createMedia, type Media, type StoredImage } from './service.ts'
import type { MediaStorage } from './storage.ts'

/** Images as the server has them, on a database and a folder of their own, for tests; `stop` takes all of it away. */
export async function startTestMedia() {
  const folder = await mkdtemp(join(tmpdir(), 'confab media '))
  const database = await createTestDatabase()
  const storage = await openDiskStorage(folder)
  const clock = { now: Date.now() }

  /** Images on the same database and another store, say one that fails. */
  const mediaOn = (store: MediaStorage) =>
    createMedia({
      db: database.kysely,
      storage: store,
      secretKey: 'the secret of the test',
      log: pino({ level: 'silent' }),
      maxUploadBytes: 1_000_000,
      now: () => clock.now,
    })
  const media = mediaOn(storage)
  const { origin, close } = await serve(media)
  const transaction = <T>(change: (tx: Tx) => Promise<T>) => database.kysely.transaction().execute(change)

  const save = async (kind: ImageKind = 'message', roomId = 7) =>
    media.save({ kind, ownerId: 1, roomId, bytes: await testPicture() })

  return {
    ...{ media, mediaOn, storage, clock, origin, transaction, db: database.kysely, pool: database.pool },
    /** An image that waits for its place. */
    save,
    /** An image that has its place. */
    async attach(kind: ImageKind = 'message', roomId = 7): Promise<StoredImage> {
      const image = await save(kind, roomId)
      await transaction((tx) => media.attach(tx, image.key))
      return image
    },
    /** What is left of an image: its row, and the names of its files. */
    async remainsOf(key: string): Promise<{ row: boolean; files: string[] }> {
      const { rowCount } = await database.pool.query('SELECT FROM media WHERE key = $1', [key])
      const files = await readdir(join(folder, key.slice(0, 2))).catch(() => [])
      return { row: rowCount === 1, files: files.filter((name) => name.startsWith(key)).sort() }
    },
    async stop(): Promise<void> {
      await close()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

/** A PNG of 600 × 400 pixels. */
export function testPicture(): Promise<Buffer> {
  return sharp({ create: { width: 600, height: 400, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
}

/** What `remainsOf` says of such a picture that is all there. */
export function wholePicture(key: string) {
  return { row: true, files: [imageFile(key, 'image/png', 'full'), imageFile(key, 'image/png', 'thumb')] }
}

async function serve(media: Media): Promise<{ origin: string; close(): Promise<void> }> {
  const app = fastify({ routerOptions: { maxParamLength: 200 } })
  app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply))
  await app.register(mediaRoutes(media))
  return { origin: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() }
}
