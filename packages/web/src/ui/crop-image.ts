/** A part of a picture, in its own pixels, as it stands upright. */
export type CropArea = Readonly<{ x: number; y: number; width: number; height: number }>

/** Pictures of people and groups are at most this wide and high: enough for the largest place they are shown in. */
export const MAX_PICTURE_PX = 1_024

/** Of 1; above this a WebP grows faster than anybody sees. */
const QUALITY = 0.9

/** The side of the square that comes of a part: its own, but no more than is of use. In pixels. */
export function squareSide({ width, height }: Pick<CropArea, 'width' | 'height'>): number {
  return Math.max(1, Math.min(MAX_PICTURE_PX, Math.round(Math.min(width, height))))
}

/**
 * Cuts a square out of a picture: a WebP, or a JPEG where the browser makes none. Nothing of the file but what is seen
 * is in it: no place, no camera.
 *
 * @throws DOMException where it is no picture that the browser can read
 */
export async function cropImage(source: Blob, area: CropArea): Promise<Blob> {
  const bitmap = await createImageBitmap(source)
  try {
    const side = squareSide(area)
    const canvas = document.createElement('canvas')
    canvas.width = side
    canvas.height = side
    const context = canvas.getContext('2d')
    if (!context) throw new DOMException('There is no canvas.', 'NotSupportedError')
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, area.x, area.y, area.width, area.height, 0, 0, side, side)
    const webp = await toBlob(canvas, 'image/webp')
    if (webp.type === 'image/webp') return webp
    // A JPEG has no transparency: what shows through is white, not black.
    context.globalCompositeOperation = 'destination-over'
    context.fillStyle = 'white'
    context.fillRect(0, 0, side, side)
    return await toBlob(canvas, 'image/jpeg')
  } finally {
    bitmap.close()
  }
}

function toBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const settle = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new DOMException('The picture could not be made.', 'EncodingError'))
    canvas.toBlob(settle, type, QUALITY)
  })
}
