import type { ImageSize } from '@confab/client'

/** An image as it is sent, and how large it is, where the browser can tell. */
export type Compressed = Readonly<{ image: Blob; size: ImageSize | undefined }>

/** How an image is encoded. */
type Encoded = Readonly<{ width: number; height: number; type: string; quality: number }>

/** Larger images are made smaller: as large as a good screen shows. In pixels a side. */
const MAX_SIDE = 2_560

/** Images of no more bytes are sent as they are. */
const SMALL_BYTES = 600_000

/** What the server takes as it is. */
const SENDABLE = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']

/**
 * Makes an image as small as it can be without looking worse on a screen: upright, and without what a camera wrote into it.
 * Animations and what would only grow stay as they are. What only this browser can read becomes JPEG.
 *
 * @throws DOMException where it is no image that the browser can read
 */
export async function compressImage(file: Blob): Promise<Compressed> {
  const isSendable = SENDABLE.includes(file.type)
  if (file.type === 'image/gif' || (await isAnimated(file))) return { image: file, size: await measure(file) }
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const { width, height } = bitmap
    const isLarge = Math.max(width, height) > MAX_SIDE
    if (isSendable && !isLarge && file.size <= SMALL_BYTES) return { image: file, size: { width, height } }
    const plan = planFor(file.type, { width, height })
    const encoded = await encode(bitmap, plan)
    if (isSendable && encoded.size >= file.size) return { image: file, size: { width, height } }
    return { image: encoded, size: { width: plan.width, height: plan.height } }
  } finally {
    bitmap.close()
  }
}

/** How large an image is that is not touched. What cannot be read here is the server's to judge. */
async function measure(file: Blob): Promise<ImageSize | undefined> {
  try {
    const bitmap = await createImageBitmap(file)
    const { width, height } = bitmap
    bitmap.close()
    return { width, height }
  } catch {
    return undefined
  }
}

/** Photos become JPEG; what may have see-through parts WebP, which a browser that cannot make it leaves PNG. */
function planFor(type: string, { width, height }: Pick<Encoded, 'width' | 'height'>): Encoded {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height))
  const hasAlpha = type === 'image/png' || type === 'image/webp' || type === 'image/avif'
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    type: hasAlpha ? 'image/webp' : 'image/jpeg',
    quality: 0.85,
  }
}

async function encode(bitmap: ImageBitmap, { width, height, type, quality }: Encoded): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new DOMException('There is no canvas to draw on.', 'NotSupportedError')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  return canvas.convertToBlob({ type, quality })
}

/** Whether a WebP moves: its header says so (VP8X, the flag of animation; RFC 9649, 2.7). */
async function isAnimated(file: Blob): Promise<boolean> {
  if (file.type !== 'image/webp') return false
  const header = new Uint8Array(await file.slice(0, 21).arrayBuffer())
  const isExtended = String.fromCharCode(...header.slice(12, 16)) === 'VP8X'
  return isExtended && ((header[20] ?? 0) & 0b10) !== 0
}
