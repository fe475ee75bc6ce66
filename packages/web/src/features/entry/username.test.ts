import { expect, test } from 'vitest'
import { flawOf, looksLikeEmail } from './username.ts'

test.each([
  ['', undefined],
  ['ada', undefined],
  ['Zoë.آدا+1@home-2', undefined],
  ['two words', 'characters'],
  ['semi;colon', 'characters'],
  ['x'.repeat(150), undefined],
  ['x'.repeat(151), 'length'],
] as const)('the flaw of the username "%s" is %s', (username, flaw) => {
  expect(flawOf(username)).toBe(flaw)
})

test('what has no place for mail is no address', () => {
  expect(['ada@example.org', 'a.b+c@d.co'].every(looksLikeEmail)).toBe(true)
  expect(['ada', 'ada@', '@example.org', 'ada@example', 'a b@example.org'].some(looksLikeEmail)).toBe(false)
})
