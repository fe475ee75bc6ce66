import { randomBytes } from 'node:crypto'

/** What an image is for. Pictures are public to whoever has the address; message images need a signed one. */
export type ImageKind = 'profile' | 'group' | 'message'

/** The whole image, or its small preview. */
export type ImageSize = 'full' | 'thumb'

const EXTENSIONS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' } as const

/** The types images are stored and served as. GIF and AVIF are taken too, and stored as WebP. */
export type ImageContentType = keyof typeof EXTENSIONS

const CONTENT_TYPES: Readonly<Record<string, ImageContentType>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}

const KEY = /^[0-9a-f]{40}$/
const FILE = /^([0-9a-f]{40})(?:\.thumb)?\.(jpg|png|webp)$/

/** A new image's key: 160 random bits, so that knowing a permanent address takes being told it. */
export function newImageKey(): string {
  return randomBytes(20).toString('hex')
}

/** Whether the text has the form of a key. Everything else, paths above all, is refused before it reaches a store. */
export function isImageKey(text: string): boolean {
  return KEY.test(text)
}

/** The usual file extension of a stored type, without the dot. */
export function extensionOf(contentType: ImageContentType): string {
  return EXTENSIONS[contentType]
}

/** The name under which a store keeps one size of an image. Thumbnails are WebP whatever the image is. */
export function imageFile(key: string, contentType: ImageContentType, size: ImageSize): string {
  return size === 'thumb' ? `${key}.thumb.webp` : `${key}.${extensionOf(contentType)}`
}

/** What a name written by `imageFile` says, or undefined for any other text. */
export function parseImageFile(name: string): { key: string; contentType: ImageContentType } | undefined {
  const [, key, extension] = FILE.exec(name) ?? []
  const contentType = CONTENT_TYPES[extension ?? '']
  return key && contentType ? { key, contentType } : undefined
}

/** For stores that write or delete. @throws Error for a name that `imageFile` did not make: a bug in the caller */
export function requireImageFile(name: string): { key: string; contentType: ImageContentType } {
  const file = parseImageFile(name)
  if (!file) throw new Error(`Not the name of an image file: ${JSON.stringify(name)}`)
  return file
}

/** For types read back from the database, whose constraint allows these alone. @throws Error for any other text */
export function requireImageContentType(text: string): ImageContentType {
  const known = Object.values(CONTENT_TYPES).find((type) => type === text)
  if (!known) throw new Error(`Not a type that images are stored as: ${JSON.stringify(text)}`)
  return known
}
