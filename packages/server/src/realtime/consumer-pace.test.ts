import { expect, test } from 'vitest'
import { Pace, restAfter } from './consumer-pace.ts'

const burst = { ms: 10, committed: 100, utilization: 0.8, busyMs: 3_000 }

test('a consumer has a fiftieth of the time while people send as fast as the process can take it', () => {
  expect(restAfter(burst)).toBe(490)
  expect(restAfter({ ...burst, ms: 1 })).toBe(50)
})

test('it has a turn every second, and never more of the time than it rests', () => {
  expect(restAfter({ ...burst, ms: 100 })).toBe(1_000)
  expect(restAfter({ ...burst, ms: 3_000 })).toBe(3_000)
})

test.each([
  ['few are sending', { committed: 20 }],
  ['the process has time for both', { utilization: 0.5 }],
  ['it has been busy for ten seconds', { busyMs: 10_000 }],
])('it rests no longer than it worked where %s', (_where, change) => {
  expect(restAfter({ ...burst, ...change })).toBe(burst.ms)
})

test('a pace knows how busy the process was since the last run, and since when there is always something left', () => {
  const pace = new Pace()
  // Of each second the process was busy for so many milliseconds.
  let used = { idle: 1e6, active: 1e6, utilization: 0.5 }
  let now = 0
  const endRun = (busyMs: number, isMoreLeft = true) => {
    used = { idle: used.idle + 1_000 - busyMs, active: used.active + busyMs, utilization: 0 }
    now += 1_000
    return pace.ended({ ms: 10, committed: 100, isMoreLeft }, { now, used })
  }
  endRun(800)

  expect(endRun(400)).toBe(10)
  expect(endRun(900)).toBe(490)
  for (let second = 3; second < 10; second++) expect(endRun(900)).toBe(490)
  expect(endRun(900)).toBe(10)
  expect(endRun(900)).toBe(10)

  endRun(900, false)
  expect(endRun(900)).toBe(490)
})
