import { expect, test } from 'vitest'
import { median, percentile, summarize } from './statistics.ts'

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
