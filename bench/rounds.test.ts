import { expect, test } from 'vitest'
import type { Measured } from './measure.ts'
import { middleOf } from './rounds.ts'

/** Something that was done so often in a second. */
function measured(count: number, serverCpuSeconds = 1): Measured {
  const cores = { server: 1, database: 1, generator: 1 }
  return { count, deliveries: 0, bytes: 0, seconds: 1, latency: undefined, cpuSeconds: 1, serverCpuSeconds, cores }
}

test('the middle round is the one whose ratio is the median, however fast the machine was then', () => {
  const slow = { measured: measured(40), baseline: measured(100) }
  const middle = { measured: measured(5), baseline: measured(10) }
  const fast = { measured: measured(60), baseline: measured(100) }

  expect(middleOf([fast, middle, slow])).toBe(middle)
  expect(middleOf([fast, slow])).toBe(slow)
  const thrifty = { measured: measured(40, 0.1), baseline: measured(100) }
  expect(middleOf([thrifty, slow, fast], (one) => one.count / (one.serverCpuSeconds ?? 0))).toBe(fast)
})
