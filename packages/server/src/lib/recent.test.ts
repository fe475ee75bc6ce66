import { expect, test } from 'vitest'
import { rememberRecent } from './recent.ts'

test('of more than there is room for, what was used longest ago is forgotten', () => {
  const recent = rememberRecent<string, number>(3)
  for (const [index, name] of ['a', 'b', 'c'].entries()) recent.set(name, index)
  recent.get('a')
  recent.set('d', 3)
  recent.set('d', 4)

  expect([...recent.keys()].sort()).toEqual(['a', 'c', 'd'])
  expect(recent.get('d')).toBe(4)
})

test('what has a time is forgotten after it', () => {
  let now = 1
  const recent = rememberRecent<string, number>(3, { ttl: 1_000, ttlResolution: 0, perf: { now: () => now } })
  recent.set('a', 0)
  now += 1_000
  expect(recent.get('a')).toBe(0)
  now += 1
  expect(recent.get('a')).toBeUndefined()
})
