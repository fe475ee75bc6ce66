import type { Logger } from 'pino'
import type { Db, Tx } from '../../db/open.ts'
import type { ImageContentType, ImageKind, ImageSize } from './files.ts'
import * as files from './files.ts'
import { createImageQueue, type ImageQueue } from './image-queue.ts'
import { IMAGE_LIMITS, type ImageLimits } from './images.ts'
import { createSweeper, type Swept } from './jobs.ts'
import { attachImages, detachImages, detachImagesOfRoom, findAttachedImage, insertImage } from './queries.ts'
import { createImageSigner } from './signing.ts'
import type { MediaStorage, OpenFile } from './storage.ts'

declare module '../../ctx.ts' {
  interface Services {
    media: Media
  }
}

/** An image that somebody sends for a profile, a group or a message. */
export interface Upload {
  kind: ImageKind
  /** Whose image it is. */
  ownerId: number
  /** The room whose image or message it is for. */
  roomId?: number
  bytes: Buffer
}

/** An image that was taken and stored. */
export interface StoredImage {
  /** What the profile, group or message keeps, and what addresses are made from. */
  key: string
  contentType: ImageContentType
  width: number
  height: number
  /** Length of the stored file, not of the upload. */
  bytes: number
}

/** An image about to be sent to a client. */
export interface ServedImage {
  contentType: ImageContentType
  /** The validator of this content, quotes included; a key's content never changes. */
  etag: string
  /** A name to save it under. */
  fileName: string
  /** The bytes, or undefined if the store has lost them. */
  open(): Promise<OpenFile | undefined>
}

/** Everything the rest of the server does with images. */
export interface Media {
  /**
   * Takes an upload: makes the image anew and stores it, with a row that waits for `attach`. To be called before the
   * transaction that gives the image its place; an image that never gets one is swept after a day.
   * @throws ImageError if it is no usable image, ImageQueueFullError if too many are being taken
   */
  save(upload: Upload): Promise<StoredImage>
  /**
   * Gives saved images their place, in the transaction that makes it; from its commit on they are served.
   * @throws Error if one of them has or had a place already, or is gone: only keys that `save` just returned may come here
   */
  attach(tx: Tx, keys: string | readonly string[]): Promise<void>
  /** Takes images away from their place, in the transaction that ends it: they are served no longer, and swept. */
  detach(tx: Tx, keys: string | readonly string[]): Promise<void>
  /** The same for every image that was saved for a room. */
  detachRoom(tx: Tx, roomId: number): Promise<void>
  /**
   * The address of an image; a message image's is signed, stays the same for 12 hours and opens it for 12 to 24. Cheap
   * enough for every message of a page. Relative to the site, or absolute below a `baseUrl` without a slash at its end.
   */
  imageUrl(kind: ImageKind, key: string, baseUrl?: string): string
  /** The same for its small version: 320 pixels at most for a message's, 96 square for a picture. */
  thumbnailUrl(kind: ImageKind, key: string, baseUrl?: string): string
  /** For how many more seconds a message image's query opens it; undefined if it does not. */
  checkSignature(key: string, query: { exp: string; sig: string }): number | undefined
  /** The image, if there is one of that kind and it has its place. Whether it may be seen is asked before. */
  open(kind: ImageKind, key: string, size: ImageSize): Promise<ServedImage | undefined>
  /** Deletes what has had no place for a day before `at`. Safe at any time and from any number of servers. */
  sweep(at: Date): Promise<Swept>
  /** Sweeps every hour from now on. The timer keeps no process alive. */
  start(): void
  /** Ends that; resolves when a sweep under way is done. */
  stop(): Promise<void>
}

/** What images need of the process around them. */
export interface MediaOptions {
  db: Db
  storage: MediaStorage
  /** The server's secret; a key of its own is derived from it. */
  secretKey: string | Uint8Array
  log: Pick<Logger, 'info' | 'error'>
  maxUploadBytes: number
  /** Other bounds than the usual ones. */
  limits?: Partial<Omit<ImageLimits, 'maxBytes'>>
  /** The clock, in milliseconds. */
  now?: () => number
}

/** Sets up images on a database and a store. Nothing runs by itself until `start`. */
export function createMedia(options: MediaOptions): Media {
  const { db, storage, secretKey, log, maxUploadBytes, limits, now = Date.now } = options
  const queue = createImageQueue({ ...IMAGE_LIMITS, ...limits, maxBytes: maxUploadBytes })
  const signer = createImageSigner(secretKey, now)
  const pathTo = (kind: ImageKind, key: string) => `/media/${kind}/${key}`

  return {
    save: (upload) => saveImage(db, storage, queue, upload),
    attach: (tx, keys) => attachAll(tx, [keys].flat()),
    async detach(tx, keys) {
      const wanted = [keys].flat()
      if (wanted.length > 0) await detachImages(tx, wanted)
    },
    detachRoom: detachImagesOfRoom,
    imageUrl(kind, key, baseUrl = '') {
      const path = baseUrl + pathTo(kind, key)
      return kind === 'message' ? `${path}?${signer.sign(key)}` : path
    },
    thumbnailUrl(kind, key, baseUrl = '') {
      const path = `${baseUrl}${pathTo(kind, key)}?size=thumb`
      return kind === 'message' ? `${path}&${signer.sign(key)}` : path
    },
    checkSignature: signer.verify,
    open: (kind, key, size) => openImage(db, storage, { kind, key, size }),
    ...createSweeper({ db, storage, log, now }),
  }
}

async function saveImage(db: Db, storage: MediaStorage, queue: ImageQueue, upload: Upload): Promise<StoredImage> {
  const { kind, ownerId, roomId } = upload
  const image = await queue.process(upload.bytes, kind === 'message' ? 'whole' : 'square')
  const { contentType, width, height, body, thumbnail } = image
  const stored = { key: files.newImageKey(), contentType, width, height, bytes: body.length }
  // The row first: what a crash leaves behind can then always be found.
  await insertImage(db, { ...stored, kind, ownerId, roomId })
  await storage.put(files.imageFile(stored.key, contentType, 'full'), body, contentType)
  await storage.put(files.imageFile(stored.key, contentType, 'thumb'), thumbnail, 'image/webp')
  return stored
}

async function attachAll(tx: Tx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  const attached = await attachImages(tx, keys)
  if (attached !== keys.length) throw new Error(`Only ${attached} of ${keys.length} images could be attached`)
}

async function openImage(
  db: Db,
  storage: MediaStorage,
  { kind, key, size }: { kind: ImageKind; key: string; size: ImageSize },
): Promise<ServedImage | undefined> {
  const image = files.isImageKey(key) ? await findAttachedImage(db, kind, key) : undefined
  if (!image) return undefined
  const contentType = size === 'thumb' ? 'image/webp' : image.contentType
  return {
    contentType,
    etag: size === 'thumb' ? `"${key}-thumb"` : `"${key}"`,
    fileName: `image.${files.extensionOf(contentType)}`,
    open: () => storage.open(files.imageFile(key, image.contentType, size)),
  }
}
