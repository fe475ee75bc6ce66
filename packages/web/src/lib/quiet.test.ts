import { beforeAll, expect, test, vi } from 'vitest'

type Quiet = typeof import('./quiet.ts')
let quiet: Quiet

beforeAll(async () => {
  // Preferences listen to other tabs, of which there are none here.
  vi.stubGlobal('addEventListener', () => {})
  quiet = await import('./quiet.ts')
})

test.each([
  [new Date(2026, 4, 3, 7, 59), new Date(2026, 4, 3, 8)],
  [new Date(2026, 4, 3, 8), new Date(2026, 4, 4, 8)],
  [new Date(2026, 11, 31, 23, 30), new Date(2027, 0, 1, 8)],
])('at %s the next morning is %s', (now, morning) => {
  expect(quiet.quietUntil('morning', now)).toBe(morning.toISOString())
})

test('it is quiet until the time that was chosen, and no longer', () => {
  const now = new Date(2026, 4, 3, 12)
  const until = quiet.quietUntil('half_hour', now)
  expect(quiet.isQuiet(now, until)).toBe(true)
  expect(quiet.isQuiet(new Date(now.getTime() + 1_800_000), until)).toBe(false)
  expect(quiet.isQuiet(now, quiet.quietUntil('off', now))).toBe(false)
})
