import { expect, test } from 'vitest'
import { restAfter } from './consumer-pace.ts'

const burst = { ms: 10, committed: 100, utilization: 0.8, behindMs: 3_000 }

test('a consumer has a twentieth of the time while people send as fast as the process can take it', () => {
  expect(restAfter(burst)).toBe(190)
  expect(restAfter({ ...burst, ms: 1 })).toBe(50)
})

test.each([
  ['few are sending', { committed: 20 }],
  ['the process has time for both', { utilization: 0.5 }],
  ['it has been behind for ten seconds', { behindMs: 10_000 }],
])('it rests no longer than it worked where %s', (_where, change) => {
  expect(restAfter({ ...burst, ...change })).toBe(burst.ms)
})
