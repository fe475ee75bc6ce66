import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_PICTURE_PX, squareSide } from './crop-image.ts'

test('a part keeps its pixels until they are more than is of use', () => {
  expect(squareSide({ width: 300, height: 300 })).toBe(300)
  expect(squareSide({ width: 4_000, height: 4_000 })).toBe(MAX_PICTURE_PX)
})

test('whatever the part, the square has a pixel, has no more than is of use, and shows nothing larger than it was', () => {
  const side = fc.double({ min: 0, max: 20_000, noNaN: true })
  fc.assert(
    fc.property(side, side, (width, height) => {
      const square = squareSide({ width, height })
      expect(Number.isInteger(square)).toBe(true)
      expect(square).toBeGreaterThanOrEqual(1)
      expect(square).toBeLessThanOrEqual(Math.max(1, Math.min(MAX_PICTURE_PX, Math.round(Math.min(width, height)))))
    }),
  )
})
