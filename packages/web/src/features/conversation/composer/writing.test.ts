import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findQuery, findShortcode } from './completion.ts'
import { linkOver, type Replacement, toggleMark } from './formatting.ts'

/** A text with what is selected in brackets. */
function selected(marked: string) {
  const start = marked.indexOf('[')
  const end = marked.indexOf(']') - 1
  return { text: marked.replace('[', '').replace(']', ''), start, end }
}

function apply(text: string, { start, end, text: by, selectStart, selectEnd }: Replacement): string {
  const next = text.slice(0, start) + by + text.slice(end)
  return `${next.slice(0, selectStart)}[${next.slice(selectStart, selectEnd)}]${next.slice(selectEnd)}`
}

describe('marks', () => {
  test.each([
    ['a [word] b', '**', 'a **[word]** b'],
    ['a [word ]b', '_', 'a _[word]_ b'],
    ['a **[word]** b', '**', 'a [word] b'],
    ['a [**word**] b', '**', 'a [word] b'],
    ['a []', '`', 'a `[]`'],
    ['a `[]`', '`', 'a []'],
  ])('%j with %s becomes %j', (before, mark, after) => {
    const from = selected(before)
    expect(apply(from.text, toggleMark(from, mark))).toBe(after)
  })

  test('set twice they are gone, whatever is selected', () => {
    const cases = fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 20 }), fc.nat(20), fc.nat(20))
    fc.assert(
      fc.property(cases, ([text, one, other]) => {
        const [start = 0, end = 0] = [one, other].map((at) => Math.min(at, text.length)).sort((a, b) => a - b)
        const marked = selected(apply(text, toggleMark({ text, start, end }, '**')))
        const { start: from, end: to, text: by } = toggleMark(marked, '**')
        expect(marked.text.slice(0, from) + by + marked.text.slice(to)).toBe(text)
      }),
    )
  })
})

test('an address pasted over words makes them a link, and only then', () => {
  const words = selected('read [this] now')
  const link = linkOver(words, 'https://a.example/b')
  expect(link && apply(words.text, link)).toBe('read [this](https://a.example/b)[] now')
  expect(linkOver(words, 'not an address')).toBeUndefined()
  expect(linkOver({ ...words, end: words.start }, 'https://a.example')).toBeUndefined()
})

test.each([
  ['hello @', 'mention', ''],
  ['hello @bo', 'mention', 'bo'],
  ['(@bob.s', 'mention', 'bob.s'],
  [':smi', 'emoji', 'smi'],
  ['oh :+1', 'emoji', '+1'],
])('%j is completed as a %s of %j', (text, kind, query) => {
  expect(findQuery(text, text.length)).toMatchObject({ kind, query, end: text.length })
})

test.each(['me@bob', 'oh :D', '10:30', '`@bo', '```\n@bo', 'https://x', ''])('%j is not completed', (text) => {
  expect(findQuery(text, text.length)).toBeUndefined()
})

test.each([
  ['so :tada:', 'tada'],
  [':+1:', '+1'],
  ['10:30:45:', undefined],
  ['`:tada:', undefined],
  ['std::vec:', undefined],
])('the shortcode that ends %j is %s', (text, code) => {
  expect(findShortcode(text, text.length)?.code).toBe(code)
})
