import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMarkup } from '../src/features/conversation/markup/parse.ts'
import { textOf } from '../src/features/conversation/markup/tree.ts'
import { plainText } from '../src/lib/plain-text.ts'

const withoutSpaces = (text: string) => text.replaceAll(/\s/g, '')

test.each([
  'nothing at all',
  '**bold** _it_ *it* ~~gone~~ `c*d*`',
  '***both*** and **bold with _it_ in it**',
  '> said\nanswered',
  '- tea\n- milk',
  '```ts\nlet a_b_c = 1 * 2 * 3\n```',
  '[tea](https://a.example/b) and [mail](mailto:a@b.example)',
  '[x](javascript:alert(1))',
  'snake_case_name and 2 * 3 * 4',
  'left **open and ` too',
  String.raw`\*as typed\* C:\new`,
  '# no heading',
  'https://a.example/b_c_d?e=*f*',
])('%j says what the conversation shows', (text) => {
  expect(withoutSpaces(plainText(text))).toBe(withoutSpaces(textOf(parseMarkup(text))))
})

test('whatever it is, no letter of it is lost, nor is it read for long', () => {
  const pieces = fc.constantFrom('*', '**', '_', '~~', '`', '> ', '- ', '\n', ' ', '[', '](', ')', '\\', 'a', 'b', 'ש')
  const letters = (text: string) => text.match(/\p{L}/gu)?.join('') ?? ''
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      expect(letters(plainText(text))).toBe(letters(text))
    }),
  )
  for (const piece of ['*a', '_a ', '[', '`', '~', '> ', '\\', '**a** ']) plainText(piece.repeat(5_000))
})
