import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from './fold.ts'
import { contentGrams, gramKeys, indexMessage, parseTerms } from './terms.ts'

test.each([
  ['kettle on', ['ket', 'ett', 'ttl', 'tle']],
  ['ab cd', []],
  ['c++!', ['c++', '++!']],
  ['crè', ['crè']],
  ['東京', ['東', '東京', '京']],
  ['ab東', ['東']],
  ['🎉🎉 x', ['🎉', '🎉🎉']],
])('the grams of %j are %j', (text, grams) => {
  expect(contentGrams(text)).toEqual(grams)
})

describe('every part of a text between spaces', () => {
  const unit = fc.constantFrom(...'abcé+-東京すไท한국🎉Ω ')
  const room = fc.integer({ min: 1, max: 2 ** 40 })

  test('has only grams that the index has of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), fc.nat(), fc.nat(20), room, (text, from, length, roomId) => {
        const characters = Array.from(fold(text))
        const start = from % (characters.length + 1)
        const part = characters
          .slice(start, start + length)
          .join('')
          .trim()
        const indexed = new Set(indexMessage(roomId, text, '').grams)
        for (const term of parseTerms(part).filter((one) => !one.isShort)) {
          for (const key of gramKeys(roomId, term.grams)) expect(indexed).toContain(key)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('of one or two letters has them where a word begins with it', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcéΩ'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 2 }),
        room,
        (words, which, length, roomId) => {
          const indexed = indexMessage(roomId, words.join(' '), '').grams
          const chosen = words[which % words.length] ?? ''
          const [term] = parseTerms(chosen.slice(0, length))
          expect(term?.isShort).toBe(true)
          for (const key of gramKeys(roomId, term?.grams ?? [])) expect(indexed).toContain(key)
        },
      ),
    )
  })
})

test('the same gram is another number in another room', () => {
  const rooms = Array.from({ length: 1_000 }, (_, index) => index + 1)
  expect(new Set(rooms.flatMap((room) => gramKeys(room, ['ket']))).size).toBe(1_000)
  expect(gramKeys(1, ['ket'])).not.toEqual(gramKeys(2 ** 32 + 1, ['ket']))
})

test('a search has ten terms at the most, each once', () => {
  expect(parseTerms('Tea tea TEA').map((term) => term.text)).toEqual(['tea'])
  expect(parseTerms(Array.from({ length: 30 }, (_, index) => `word${index}`).join(' '))).toHaveLength(10)
})
