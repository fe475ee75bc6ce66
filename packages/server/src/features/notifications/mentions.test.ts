import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findMentions } from './mentions.ts'

/** The name that each mention stands for in a room of these people. */
function mentioned(text: string, ...people: string[]): string[] {
  const known = new Set(people.map((name) => name.toLowerCase()))
  return findMentions(text).flatMap((names) => names.find((name) => known.has(name.toLowerCase())) ?? [])
}

test.each([
  ['@bob', ['bob']],
  ['hi @bob, are you there?', ['bob']],
  ['(@bob)', ['bob']],
  ['@Bob’s turn', ['Bob']],
  ['ask @bob.', ['bob']],
  ['@bob...', ['bob']],
  ['@bob and @álvaro_9!', ['bob', 'álvaro_9']],
  ['@bob\n@bob', ['bob', 'bob']],
  ['你好@bob你好', ['bob']],
  ['@bob님 안녕하세요', ['bob']],
  ['＠bob さん', ['bob']],
  ['@张三你好', ['张三']],
])('%j mentions', (text, expected) => {
  expect(mentioned(text, 'bob', 'álvaro_9', '张三')).toEqual(expected)
})

test.each([
  'bob',
  'mail me at ann@bob',
  'ann.@bob',
  '@bobby',
  '@bob-ross',
  '@ bob',
  '@@bob',
  'https://example.com/@bob',
  'run `@bob` first',
  '```\n@bob\n```',
  '``` @bob with no end',
])('%j mentions nobody', (text) => {
  expect(mentioned(text, 'bob')).toEqual([])
})

test('the longest name that is there is the one that is meant', () => {
  expect(mentioned('@bob.s', 'bob', 'bob.s')).toEqual(['bob.s'])
  expect(mentioned('@bob.', 'bob', 'bob.')).toEqual(['bob.'])
})

test('a name of any script is found where a sentence says it', () => {
  const name = fc.stringMatching(/^[a-zäжλ0-9][a-zäжλ0-9._@+-]{0,30}$/)
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('', ' ', 'so (', '“', '¿'),
      fc.constantFrom('', ' yes', ', yes', '!', '?', ')'),
      (one, before, after) => {
        expect(mentioned(`${before}@${one}${after}`, one)).toEqual([one])
      },
    ),
  )
})

test('a long text of nothing but mentions is read, as many as are looked at', () => {
  for (const text of [
    '@a'.repeat(50_000),
    '@张'.repeat(50_000),
    '@'.repeat(100_000),
    '`'.repeat(100_000),
    '@a '.repeat(30_000),
  ]) {
    expect(findMentions(text).length).toBeLessThanOrEqual(50)
  }
})
