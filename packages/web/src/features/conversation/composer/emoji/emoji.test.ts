import { expect, test } from 'vitest'
import { readEmoji } from '../../../../../scripts/emoji.ts'
import type { Catalog, Emoji } from './catalog.ts'
import { COLUMNS, firstCell, listRows, moveCell } from './rows.ts'
import { searchEmoji } from './search.ts'

function catalogOf(locale: string): Catalog {
  const emoji = readEmoji(locale).map(([unicode, group, name, words, codes, tones]): Emoji => {
    return { unicode, group, name, words: words.split(' '), codes: codes.split(' '), hasTones: tones === 1 }
  })
  return { emoji, byCode: new Map(emoji.flatMap((one) => one.codes.map((code) => [code, one]))) }
}

const english = catalogOf('en')

test.each([
  ['tada', '🎉'],
  ['+1', '👍️'],
  ['red heart', '❤️'],
  ['heart', '❤️'],
  ['smile', '😄'],
  ['GERMANY', '🇩🇪'],
])('whoever looks for %s finds %s among the first', (query, expected) => {
  const found = searchEmoji(english.emoji, query, 8).map(({ unicode }) => unicode.replace('\uFE0F', ''))
  expect(found).toContain(expected.replace('\uFE0F', ''))
})

test('emoji are found by their names in the language of the person, and by shortcodes in any', () => {
  const { emoji } = catalogOf('de')
  expect(searchEmoji(emoji, 'katze', 5).some(({ unicode }) => unicode.startsWith('🐈'))).toBe(true)
  expect(searchEmoji(emoji, 'tada', 1)[0]?.unicode).toBe('🎉')
})

test('nothing is found for nothing and for what there is not', () => {
  expect(searchEmoji(english.emoji, ' ', 5)).toEqual([])
  expect(searchEmoji(english.emoji, 'qqqq', 5)).toEqual([])
})

test('all that people send is there once, with those used last before it', () => {
  const rows = listRows(english, '', ['🎉'])
  expect(rows[0]).toEqual({ group: -1, emoji: [] })
  expect(rows[1]?.emoji.map(({ unicode }) => unicode)).toEqual(['🎉'])
  const all = rows.slice(2).flatMap(({ emoji }) => emoji.map(({ unicode }) => unicode))
  expect(all.length).toBeGreaterThan(1_800)
  expect(new Set(all).size).toBe(all.length)
})

test('whoever goes on and on comes past every emoji, and back', () => {
  const rows = listRows(english, '', [])
  const count = rows.reduce((sum, { emoji }) => sum + emoji.length, 0)
  let cell = firstCell(rows)
  for (let step = 1; step < count; step += 1) cell = moveCell(rows, cell, { rows: 0, columns: 1 })
  expect(rows[cell.row]?.emoji[cell.column]).toBe(english.emoji.at(-1))
  for (let step = 1; step < count; step += 1) cell = moveCell(rows, cell, { rows: 0, columns: -1 })
  expect(cell).toEqual(firstCell(rows))
  expect(moveCell(rows, cell, { rows: -1, columns: 0 })).toEqual(cell)
  expect(rows.every(({ emoji }) => emoji.length <= COLUMNS)).toBe(true)
})
