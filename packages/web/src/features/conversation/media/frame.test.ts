import { expect, test } from 'vitest'
import { frameHeight, frameStyle } from './frame.ts'

const shapeOf = (width: number, height: number) => {
  const { aspectRatio, width: wide } = frameStyle({ width, height })
  return { ratio: Number(aspectRatio), steps: Number(/\* ([\d.]+)\)$/.exec(String(wide))?.[1]) }
}

test('the place of an image has its shape, and its longer side is as long as there is room', () => {
  expect(shapeOf(1600, 1200)).toEqual({ ratio: 4 / 3, steps: 80 })
  expect(shapeOf(1200, 1600)).toEqual({ ratio: 3 / 4, steps: 60 })
  expect(shapeOf(30, 30)).toEqual({ ratio: 1, steps: 80 })
})

test('of a very long image the place is not so long, and of an unknown one it is the usual', () => {
  expect(shapeOf(4000, 100)).toEqual({ ratio: 2.5, steps: 80 })
  expect(shapeOf(100, 4000)).toEqual({ ratio: 0.4, steps: 32 })
  expect(frameStyle(undefined)).toEqual(frameStyle({ width: 4, height: 3 }))
})

test('how high a place will be is known before it is drawn', () => {
  expect(frameHeight({ width: 1600, height: 800 })).toBe(160)
  expect(frameHeight({ width: 800, height: 1600 })).toBe(320)
  expect(frameHeight(undefined)).toBe(240)
})
