import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { describe, expect, test } from 'vitest'
import { readMessages } from '../scripts/messages.ts'

const source = path.join(import.meta.dirname, '../src')
const english = readMessages('en')
const code = globSync('**/*.{ts,tsx}', { cwd: source, exclude: (file) => file.endsWith('.test.ts') }).map((file) => ({
  file,
  text: readFileSync(path.join(source, file), 'utf8'),
}))

/** Names and kinds of the arguments and tags of a message, wherever they are in it. */
function argumentsOf(message: string): string[] {
  const found = new Set<string>()
  const visit = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue
      // A count may be spelled out in one language and be a plural in another.
      const kind = element.type === TYPE.plural || element.type === TYPE.number ? 'number' : TYPE[element.type]
      found.add(`${element.value}: ${kind}`)
      if ('options' in element) for (const { value } of Object.values(element.options)) visit(value)
      if ('children' in element) visit(element.children)
    }
  }
  visit(parse(message))
  return [...found].sort()
}

describe.each(['de', 'ar'])('in %s', (locale) => {
  const texts = readMessages(locale)

  test('every text of the English app is there, and no other', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
  })

  test('what is said where the app could not be loaded says the same as the app', () => {
    const script = readFileSync(path.join(source, '../public/load-failure.js'), 'utf8')
    expect(script).toMatch(new RegExp(`^ {4}${locale}: \\{.*retry: '${texts['ui.retry']}' \\}`, 'm'))
  })

  test('every text takes the same arguments as in English', () => {
    const differing = Object.entries(texts).filter(
      ([key, text]) => argumentsOf(text).join() !== argumentsOf(english[key] ?? '').join(),
    )
    expect(differing).toEqual([])
  })

  test('counts are said in every form that the language has', () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
    const incomplete = Object.entries(texts).filter(([, text]) =>
      parse(text).some((element) => {
        if (element.type !== TYPE.plural) return false
        const given = Object.keys(element.options)
        const exact: Record<string, string> = { zero: '=0', one: '=1', two: '=2' }
        return !forms.every((form) => given.includes(form) || given.includes(exact[form] ?? form))
      }),
    )
    expect(incomplete.map(([key]) => key)).toEqual([])
  })
})

test('every text that the app says is there', () => {
  const parts = [...new Set(Object.keys(english).map((key) => key.split('.')[0]))]
  const literal = new RegExp(`['"]((?:${parts.join('|')})(?:\\.[a-z_]+)+)['"]`, 'g')
  const said = code.flatMap(({ file, text }) => [...text.matchAll(literal)].map(([, key = '']) => ({ file, key })))
  expect(said.length).toBeGreaterThan(50)
  expect(said.filter(({ key }) => !(key in english))).toEqual([])
})

test('no text is left over that the app never says', () => {
  const all = code.map(({ text }) => text).join('\n')
  const unused = Object.keys(english).filter((key) => !all.includes(`'${key}'`) && !all.includes(`"${key}"`))
  expect(unused).toEqual([])
})

test('keys are written out, so that both of the above see them', () => {
  const computed = code.filter(({ text }) => /\btext\(\s*`/.test(text)).map(({ file }) => file)
  expect(computed).toEqual([])
})

test('the texts of a part begin with its name', () => {
  const parts: Record<string, string> = { lib: 'error' }
  const strange = globSync('**/locales/en.json', { cwd: source }).flatMap((file) => {
    const part = path.basename(path.dirname(path.dirname(file)))
    const keys = Object.keys(JSON.parse(readFileSync(path.join(source, file), 'utf8')))
    return keys.filter((key) => !key.startsWith(`${parts[part] ?? part}.`))
  })
  expect(strange).toEqual([])
})
