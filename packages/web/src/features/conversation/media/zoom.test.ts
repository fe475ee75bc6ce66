import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pan, whole, zoomAt } from './zoom.ts'

const places = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
const factors = fc.double({ min: 1.05, max: 1.5, noNaN: true })

test('what somebody zooms into stays under the finger', () => {
  fc.assert(
    fc.property(places, factors, (at, factor) => {
      const { scale, x, y } = zoomAt(whole, factor, at)
      // The point of the image that was at `at` when it was whole, now.
      expect(at.x * scale + x).toBeCloseTo(at.x, 6)
      expect(at.y * scale + y).toBeCloseTo(at.y, 6)
    }),
  )
})

test('an image that is made as small as it gets is whole again, wherever it was', () => {
  fc.assert(
    fc.property(places, factors, (at, factor) => {
      expect(zoomAt(zoomAt(whole, factor, at), 0.1, { x: 0, y: 0 })).toEqual(whole)
    }),
  )
})

test('an image is never moved out of view, and a whole one not at all', () => {
  const size = { width: 400, height: 300 }
  fc.assert(
    fc.property(places, factors, places, (at, factor, by) => {
      const zoom = pan(zoomAt(whole, factor, at), by, size)
      expect(Math.abs(zoom.x)).toBeLessThanOrEqual((size.width * (zoom.scale - 1)) / 2 + 1e-9)
      expect(Math.abs(pan(whole, by, size).y)).toBe(0)
    }),
  )
})
