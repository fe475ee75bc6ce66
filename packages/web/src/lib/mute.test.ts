import { expect, test } from 'vitest'
import { muteState, muteUntil } from './mute.ts'

const now = new Date('2026-03-01T12:00:00.000Z')

test('a choice lasts as long as it says', () => {
  expect(muteUntil('hour', now)).toBe('2026-03-01T13:00:00.000Z')
  expect(muteUntil('week', now)).toBe('2026-03-08T12:00:00.000Z')
  expect(muteUntil('always', now)).toBeNull()
})

test('a room is silent until then, and not after', () => {
  expect(muteState(null, now)).toBe('off')
  expect(muteState('9999-12-31T23:59:59.999Z', now)).toBe('forever')
  expect(muteState('2026-03-01T13:00:00.000Z', now)).toEqual(new Date('2026-03-01T13:00:00.000Z'))
  expect(muteState('2026-03-01T11:59:59.000Z', now)).toBe('off')
})
