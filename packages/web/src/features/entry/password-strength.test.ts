import { expect, test } from 'vitest'
import { personalWords, strengthOf } from './password-strength.ts'

test.each([
  ['short', 1e12, 'short'],
  ['long enough', 9_999, 'weak'],
  ['long enough', 1e4, 'fair'],
  ['long enough', 1e7, 'good'],
  ['long enough', 1e10, 'strong'],
] as const)('%s with %d guesses is %s', (password, guesses, strength) => {
  expect(strengthOf(password, guesses)).toBe(strength)
})

test('characters are counted as people count them', () => {
  expect(strengthOf('👍👍👍👍', 1e12)).toBe('short')
})

test('the parts of names and addresses are words to guess first', () => {
  expect(personalWords('Ada_L', 'ada@example.org')).toEqual(['ada_l', 'ada', 'ada@example.org', 'example', 'org'])
})
