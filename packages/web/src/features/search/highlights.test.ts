import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findWords, splitByHighlights } from './highlights.ts'

test('what was found is a part of its own, in its place', () => {
  expect(splitByHighlights('put the kettle on', [{ start: 8, end: 14 }])).toEqual([
    { text: 'put the ', isFound: false, start: 0 },
    { text: 'kettle', isFound: true, start: 8 },
    { text: ' on', isFound: false, start: 14 },
  ])
})

test('whatever the highlights are, the parts are the whole text and none is empty', () => {
  const highlight = fc.record({ start: fc.nat(40), end: fc.nat(40) })
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(highlight, { maxLength: 6 }), (text, highlights) => {
      const parts = splitByHighlights(text, highlights)
      expect(parts.map((part) => part.text).join('')).toBe(text)
      expect(parts.every((part) => part.text !== '')).toBe(true)
    }),
  )
})

test('a name is found where it has all the words, in any order and case', () => {
  expect(findWords('Tea Party', 'party tea')).toEqual([
    { start: 4, end: 9 },
    { start: 0, end: 3 },
  ])
  expect(findWords('Tea Party', 'coffee tea')).toBeUndefined()
  expect(findWords('Tea Party', ' ')).toBeUndefined()
})

test('a name whose lower case is longer is found without saying where', () => {
  expect(findWords('İzmir', 'izmir'.slice(1))).toEqual([])
})
