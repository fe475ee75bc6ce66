import { expect, test } from 'vitest'
import { median, percentile, slope, summarize } from './statistics.ts'

const hundred = Array.from({ length: 100 }, (_, index) => index + 1)

test.each([
  [0.5, 50],
  [0.99, 99],
  [0.991, 100],
  [1, 100],
  [0.001, 1],
])('of the numbers 1 to 100, the percentile %d is %d', (share, expected) => {
  expect(percentile(hundred, share)).toBe(expected)
})

test('nothing has no percentile and no summary', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError)
  expect(summarize([])).toBeUndefined()
})

test('a summary sorts by number, and leaves what it was given as it is', () => {
  const values = [100, 9, 20]

  expect(summarize(values)).toEqual({ p50: 20, p99: 100, max: 100 })
  expect(values).toEqual([100, 9, 20])
})

test('the median of an even count is the lower middle one', () => {
  expect(median([4, 1, 3, 2])).toBe(2)
})

test.each([
  [
    [
      [0, 5],
      [1, 7],
      [2, 9],
    ],
    2,
  ],
  [
    [
      [0, 3],
      [4, 3],
      [9, 3],
    ],
    0,
  ],
  // Not through any of them: the least squares.
  [
    [
      [0, 0],
      [1, 3],
      [2, 0],
      [3, 3],
    ],
    0.6,
  ],
] as const)('the slope of %j is %d', (points, expected) => {
  expect(slope(points.map(([x, y]) => ({ x, y })))).toBeCloseTo(expected, 10)
})

test('what has not gone on has no slope', () => {
  expect(() => slope([])).toThrow(RangeError)
  expect(() =>
    slope([
      { x: 1, y: 1 },
      { x: 1, y: 2 },
    ]),
  ).toThrow(RangeError)
})
