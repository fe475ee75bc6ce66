/**
 * The place of an image among messages. It has the shape of the image before the image is there, so that nothing moves when
 * it comes; its longer side is as long as there is room, 80 steps of `--spacing` at the most.
 */
import type { ImageSize, Message } from '@confab/client'
import type { CSSProperties } from 'react'

const SIDE_STEPS = 80
const SIDE_PX = 320

/** The shape where it is not known how large the image is. */
const USUAL_RATIO = 4 / 3

/** What is longer stands in a place of this shape: large enough to be met, and to say in it what failed. */
const MAX_RATIO = 2.5

export const frameLook = 'relative isolate block max-w-full overflow-hidden rounded-md bg-sunken outline-offset-2'

/** How large the image of a message is; undefined where that is not known. */
export function imageSizeOf({ image_width: width, image_height: height }: Message): ImageSize | undefined {
  return width && height ? { width, height } : undefined
}

/** Width and shape of an image's place, to be put on what has the `frameLook`. */
export function frameStyle(size: ImageSize | undefined): CSSProperties {
  const ratio = ratioOf(size)
  return { aspectRatio: ratio, width: `calc(var(--spacing) * ${SIDE_STEPS * Math.min(1, ratio)})` }
}

/** How high the place is where there is room for all of it. In pixels, at the usual density. */
export function frameHeight(size: ImageSize | undefined): number {
  const ratio = ratioOf(size)
  return SIDE_PX / Math.max(1, ratio)
}

function ratioOf(size: ImageSize | undefined): number {
  if (!size) return USUAL_RATIO
  return Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, size.width / size.height))
}
