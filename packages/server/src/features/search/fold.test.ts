import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BOUNDARY, bound, fold, wordsOf } from './fold.ts'

test.each([
  ['Crème BRÛLÉE', 'creme brulee'],
  ['Straße', 'strasse'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['Istanbul İSTANBUL ısı', 'istanbul istanbul isi'],
  ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
  ['ﬁne', 'fine'],
  ['ёлка', 'елка'],
  ['が', 'が'],
  ['한국어', '한국어'],
  ['ภาษาไทย', 'ภาษาไทย'],
  ['हिन्दी', 'हिन्दी'],
  ['مُحَمَّد', 'محمد'],
  ['❤️', '❤'],
  ['a \n\t b', 'a b'],
  ['Smørrebrød, Łódź', 'smorrebrod, lodz'],
])('%j is folded to %j', (text, folded) => {
  expect(fold(text)).toBe(folded)
})

test.each([
  ['put the kettle on!', ['put', 'the', 'kettle', 'on']],
  ["don't e-mail foo_bar", ['don', 't', 'e', 'mail', 'foo', 'bar']],
  ['東京都に行く', ['東京', '都', 'に', '行く']],
  ['ภาษาไทย', ['ภาษา', 'ไทย']],
  ['안녕하세요 여러분', ['안녕하세요', '여러분']],
  ['हिन्दी में', ['हिन्दी', 'में']],
  ['🎉 🎉', []],
])('the words of %j are %j', (text, words) => {
  expect(wordsOf(bound(text))).toEqual(words)
})

test('folding a folded text changes nothing, and marking its words loses nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const folded = fold(text)
      expect(fold(folded)).toBe(folded)
      expect(bound(folded).replaceAll(BOUNDARY, '')).toBe(folded)
    }),
    { numRuns: 2_000 },
  )
})
