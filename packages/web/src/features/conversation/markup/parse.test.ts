import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countLargeEmoji } from './emoji-only.ts'
import { splitMentions } from './mentions.ts'
import { parseMarkup } from './parse.ts'
import { type Block, type Inline, type ListItem, textOf } from './tree.ts'

/** A tree as short text: what there is, and what is in it. */
function outline(nodes: readonly (Block | Inline)[]): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.kind === 'text' ? node.text : `code(${node.text})`
      if (node.kind === 'link') return `link(${node.href}|${outline(node.children)})`
      if (node.kind === 'list') return `list(${node.items.map(outlineItem).join('|')})`
      return `${node.kind}(${outline(node.children)})`
    })
    .join('')
}

function outlineItem({ number, children }: ListItem): string {
  return (number === undefined ? '' : `${number}:`) + outline(children)
}

const RUNS = { numRuns: 10_000 }

/** Texts of the pieces that mean something to a parser, and of anything. */
const pieces = fc.constantFrom(
  ...[
    '*',
    '**',
    '_',
    '~~',
    '`',
    '```',
    '```js\n',
    '> ',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    ' ',
    '    ',
    '[',
    ']',
    '(',
    ')',
    '![',
  ],
  ...[
    '<',
    '>',
    '</a>',
    '<img src=x onerror=alert(1)>',
    '<script>',
    '&lt;',
    '&#x6A;',
    '\\',
    '|',
    '#',
    '---',
    '@bob',
    '😀',
  ],
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt:',
    'data:text/html,x',
    'vbscript:x',
    'java\tscript:',
    'https://a.example/',
    'www.b.example',
  ],
  ...[
    '[x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)',
    'a@b.example',
    'a',
    'b',
    '\u202e',
    'א',
  ],
)
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
)

describe('the text of a message', () => {
  test.each([
    ['**b** _i_ *i* ~~s~~ `c*d`', 'paragraph(strong(b) emphasis(i) emphasis(i) strike(s) code(c*d))'],
    ['one\ntwo\n\nthree', 'paragraph(one\ntwo)paragraph(three)'],
    ['> said\nanswered', 'quote(paragraph(said))paragraph(answered)'],
    ['- a\n- b\n  - c', 'list(paragraph(a)|paragraph(b)list(paragraph(c)))'],
    ['3. c\n7. d', 'list(3:paragraph(c)|7:paragraph(d))'],
    ['- [ ] tea', 'list(paragraph([ ] tea))'],
    ['```ts\nlet a = 1\n```', 'code(let a = 1)'],
    ['see https://a.example/b?c=d.', 'paragraph(see link(https://a.example/b?c=d|https://a.example/b?c=d).)'],
    ['me@a.example', 'paragraph(link(mailto:me@a.example|me@a.example))'],
    ['[tea](https://a.example)', 'paragraph(link(https://a.example/|tea))'],
    ['snake_case_name 2*3*4', 'paragraph(snake_case_name 2emphasis(3)4)'],
  ])('%j is read as it was meant', (text, expected) => {
    expect(outline(parseMarkup(text))).toBe(expected)
  })

  test.each([
    '# no heading',
    '---',
    '<b>no</b> <script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,hello)',
    '![no image](https://a.example/pixel.png)',
    '| a | b |',
    '&amp; &#x6A;',
    '[https://bank.example](https://thief.example)',
    '[bank.example](https://thief.example)',
  ])('%j is text as it was typed', (text) => {
    expect(parseMarkup(text).map(({ kind }) => kind)).toEqual(['paragraph'])
    expect(textOf(parseMarkup(text))).toBe(text)
  })

  test('whatever it is, there are no links but to the web and to mail, and nothing but what there is a look for', () => {
    const kinds = ['text', 'code', 'strong', 'emphasis', 'strike', 'link', 'paragraph', 'quote', 'list']
    const check = (nodes: readonly (Block | Inline)[]): void => {
      for (const node of nodes) {
        expect(kinds).toContain(node.kind)
        if (node.kind === 'link') expect(node.href).toMatch(/^(?:https?:\/\/|mailto:)/)
        if ('children' in node) check(node.children)
        if (node.kind === 'list') for (const item of node.items) check(item.children)
      }
    }
    fc.assert(
      fc.property(texts, (text) => check(parseMarkup(text))),
      RUNS,
    )
  })

  test('whatever it is, every letter of it can be read', () => {
    const letters = (text: string) => text.match(/\p{L}/gu)?.join('') ?? ''
    fc.assert(
      fc.property(texts, (text) => {
        // The language of code is said above it, and the address behind words is where they lead.
        const plain = text.replaceAll(/`{3}|~{2}/g, '').replaceAll('](', '] (')
        expect(
          letters(textOf(parseMarkup(plain)))
            .split('')
            .sort(),
        ).toEqual(letters(plain).split('').sort())
      }),
      RUNS,
    )
  })

  test.each([
    ['quotes', '>'.repeat(10_000)],
    ['brackets', '['.repeat(10_000)],
    ['stars', '*a'.repeat(5_000)],
    ['links', '[a]('.repeat(2_500)],
    ['spaces', `a${' '.repeat(9_998)}a`],
    ['lists', '- a\n'.repeat(2_500)],
    ['addresses', 'a@'.repeat(5_000)],
  ])('10,000 characters of %s are read', (_, text) => {
    expect(parseMarkup(text).length).toBeGreaterThan(0)
  })
})

describe('mentions', () => {
  const names = new Set(['bob', 'bob.s', 'álvaro_9', '张三'])

  test.each([
    ['hello @bob.', ['bob']],
    ['@bob.s and @Bob', ['bob.s', 'bob']],
    ['(@álvaro_9)', ['álvaro_9']],
    ['你好@张三你好', ['张三']],
    ['me@bob @bobby @nobody /@bob', []],
  ])('%j mentions those whom the server notifies', (text, expected) => {
    const parts = splitMentions(text, names)
    expect(parts.flatMap(({ username }) => username ?? [])).toEqual(expected)
    expect(parts.map((part) => part.text).join('')).toBe(text)
  })

  test('whatever is cut, nothing is lost', () => {
    const parts = fc.array(fc.constantFrom('@', '@bob', '.', 's', ' ', '张三', '＠', '_', 'x'), { maxLength: 12 })
    fc.assert(
      fc.property(parts, fc.boolean(), (words, isKnown) => {
        const text = words.join('')
        const cut = splitMentions(text, isKnown ? names : undefined)
        expect(cut.map((part) => part.text).join('')).toBe(text)
      }),
    )
  })
})

test.each([
  ['😀', 1],
  ['👍🏽 👨‍👩‍👧‍👦', 2],
  ['🇩🇪🇦🇹🇨🇭', 3],
  ['😀😀😀😀😀😀😀', 0],
  ['hello 😀', 0],
  ['7', 0],
  ['', 0],
])('%j counts as %d large emoji', (text, count) => {
  expect(countLargeEmoji(text)).toBe(count)
})
