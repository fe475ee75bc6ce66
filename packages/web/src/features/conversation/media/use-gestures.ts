import { type MouseEvent, type PointerEvent, useRef, useState, type WheelEvent } from 'react'
import { type Point, pan, whole, type Zoom, zoomAt } from './zoom.ts'

/** How far a finger goes for a swipe. In pixels. */
const SWIPE = 60

/** How large a double click makes an image. */
const DOUBLE_CLICK = 2.5

export type Swipe = 'left' | 'right' | 'down'

/**
 * Looking closer at an image by wheel, double click, pinch and drag; while it is whole, a finger swipes.
 *
 * @param key another one begins with the whole image
 */
export function useGestures(key: unknown, onSwipe: (swipe: Swipe) => void) {
  const [{ zoom, of }, setState] = useState<{ zoom: Zoom; of: unknown }>({ zoom: whole, of: key })
  const current = of === key ? zoom : whole
  const pointers = useRef(new Map<number, Point>())
  const travelled = useRef<Point>({ x: 0, y: 0 })
  const wasPinched = useRef(false)
  const change = (next: Zoom) => setState({ zoom: next, of: key })
  const zoomBy = (factor: number, at: Point = { x: 0, y: 0 }) => change(zoomAt(current, factor, at))

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = placeOf(event)
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, place]) => place)
    pointers.current.set(event.pointerId, now)
    const [other] = others
    if (other) {
      wasPinched.current = true
      zoomBy(distance(now, other) / Math.max(distance(before, other), 1), middle(now, other))
      return
    }
    const by = { x: now.x - before.x, y: now.y - before.y }
    travelled.current = { x: travelled.current.x + by.x, y: travelled.current.y + by.y }
    if (current.scale > 1) change(pan(current, by, sizeOf(event.currentTarget)))
  }
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    pointers.current.delete(event.pointerId)
    if (pointers.current.size > 0) return
    const swipe = event.pointerType === 'mouse' || wasPinched.current ? undefined : readSwipe(travelled.current)
    if (swipe && current.scale === 1) onSwipe(swipe)
  }
  return {
    zoom: current,
    zoomBy,
    handlers: {
      onWheel: (event: WheelEvent<HTMLElement>) => zoomBy(Math.exp(-event.deltaY / 400), placeOf(event)),
      onDoubleClick: (event: MouseEvent<HTMLElement>) =>
        current.scale > 1 ? change(whole) : zoomBy(DOUBLE_CLICK, placeOf(event)),
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (pointers.current.size === 0) {
          travelled.current = { x: 0, y: 0 }
          wasPinched.current = false
        }
        pointers.current.set(event.pointerId, placeOf(event))
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove,
      onPointerUp,
      onPointerCancel: (event: PointerEvent<HTMLElement>) => pointers.current.delete(event.pointerId),
    },
  }
}

function readSwipe({ x, y }: Point): Swipe | undefined {
  if (Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) return x < 0 ? 'left' : 'right'
  return y > SWIPE * 1.5 && y > Math.abs(x) * 2 ? 'down' : undefined
}

function placeOf({
  clientX,
  clientY,
  currentTarget,
}: Pick<MouseEvent<HTMLElement>, 'clientX' | 'clientY' | 'currentTarget'>): Point {
  const { left, top, width, height } = currentTarget.getBoundingClientRect()
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 }
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: element.clientHeight }
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }
}
