import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLinks, indentByBraces } from '../scripts/markdown.ts'
import { Sources } from '../scripts/read-api.ts'
import { findFaults } from '../scripts/references.ts'
import { renderDeclaration } from '../scripts/render-declaration.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'confab-reference-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What a package of such a file exports. */
async function read(code: string, exported = `export * from './a.ts'`) {
  await writeFile(path.join(folder, 'a.ts'), code)
  await writeFile(path.join(folder, 'index.ts'), exported)
  const sources = new Sources(folder)
  const declarations = sources.listExports('index.ts')
  const faults = (places: readonly string[] = ['a.ts']) => findFaults(sources, declarations, new Set(places))
  return { faults, page: declarations.map((one) => renderDeclaration(sources, one)).join('\n') }
}

test('a class is described by its public members, as they are written and without bodies', async () => {
  const { page, faults } = await read(`
    /** Counts. @throws RangeError never */
    export class Counter<T> {
      readonly #secret = 1
      private hidden = 2
      /** How many. */
      get size(): number { return this.#secret }
      constructor({ first }: Options = {}) { super(first) }
      /** Adds one. @param by so many @returns the sum */
      async add(by = 1, ...[rest]: Rest<T>): Promise<number> { return by }
      readonly stop = (why: string): void => {}
      #quiet(): void {}
    }
  `)
  expect(faults()).toEqual([])
  expect(page).toContain('class Counter<T>\nnew Counter(options: Options = {})')
  expect(page).toContain('- Throws `RangeError` never.')
  expect(page).toContain('- **`readonly size: number`**<br>How many.')
  expect(page).toContain(
    '- **`add(by = 1, ...input: Rest<T>): Promise<number>`**<br>Adds one. `by`: so many. Returns the sum.',
  )
  expect(page).toContain('- **`stop(why: string): void`**')
  expect(page).not.toMatch(/secret|hidden|quiet/)
})

test.each([
  ['a name without a docstring', 'export type A = 1', 'A in a.ts has no docstring'],
  [
    'a type that users cannot name',
    `import type { B } from './b.ts'\n/** A. */\nexport type A = B`,
    'A in a.ts speaks of B, which is not exported',
  ],
  [
    'names that differ by their case only',
    `/** A. */\nexport type A = 1\n/** a. */\nexport function a(): void {}`,
    'a in a.ts differs from another name by its case only',
  ],
])('%s is refused', async (_, code, fault) => {
  const { faults } = await read(code)
  expect(faults()).toEqual([fault])
})

test('a name that belongs nowhere, a function that does not say what it answers, and a constant are refused', async () => {
  const { faults } = await read('/** A. */\nexport type A = 1')
  expect(faults([])).toEqual(['A in a.ts has no place in the reference'])
  await expect(read('export function f() { return 1 }')).rejects.toThrow('the type of f is not written down')
  await expect(read('export const one = 1', `export { one } from './a.ts'`)).rejects.toThrow('one, which cannot be')
})

test('a type is shown with the types that nobody else sees, one that is exported as a type without its constructor', async () => {
  const { page } = await read(`/** A. */\nexport type A = { b: B }\ntype B = { c: number }`)
  expect(page).toContain('type A = { b: B }\n\ntype B = { c: number }')
  const code = '/** C. */\nexport class C { constructor(n: number) {} }'
  expect((await read(code)).page).toContain('new C(n: number)')
  expect((await read(code, `export type { C } from './a.ts'`)).page).not.toContain('new C')
})

test('names become links in prose, and stay as they are in headings and in code', () => {
  const page = '### `A`\n\nSee `A`, `A[]`, `A.b` and `B`.\n\n```ts\n`A`\n```'
  expect(addLinks(page, new Set(['A']))).toBe(
    '### `A`\n\nSee [`A`](#a), [`A[]`](#a), [`A.b`](#a) and `B`.\n\n```ts\n`A`\n```',
  )
})

test('code is indented by one step for each line that left braces open', () => {
  expect(indentByBraces('a: { b: { c: {\nd: 1\n}; }; e: {\nf: 1\n} }')).toBe(
    'a: { b: { c: {\n  d: 1\n}; }; e: {\n  f: 1\n} }',
  )
})
