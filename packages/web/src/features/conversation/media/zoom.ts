/** How an image is looked at: how much larger than it fits, and how far its middle is from that of the view, in pixels. */
export type Zoom = Readonly<{ scale: number; x: number; y: number }>

/** A place in the view or a way across it, from its middle, in pixels. */
export type Point = Readonly<{ x: number; y: number }>

/** The whole image. */
export const whole: Zoom = { scale: 1, x: 0, y: 0 }

const MAX_SCALE = 6

/** Larger or smaller by a factor; what is at a point stays there. At its smallest it is whole. */
export function zoomAt({ scale, x, y }: Zoom, factor: number, at: Point): Zoom {
  const next = Math.min(Math.max(scale * factor, 1), MAX_SCALE)
  if (next === 1) return whole
  const grown = next / scale
  return { scale: next, x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown }
}

/** Moved, but never so far that the view is left empty. `size` is that of the image when it fits. */
export function pan(zoom: Zoom, by: Point, size: Readonly<{ width: number; height: number }>): Zoom {
  const reach = (length: number) => (length * (zoom.scale - 1)) / 2
  return {
    ...zoom,
    x: clamp(zoom.x + by.x, reach(size.width)),
    y: clamp(zoom.y + by.y, reach(size.height)),
  }
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit)
}
