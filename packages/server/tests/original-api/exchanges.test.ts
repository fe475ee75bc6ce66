import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { testNamesOf } from './test-names.ts'

const folder = import.meta.dirname
const server = path.resolve(folder, '../..')
const list = readFileSync(path.join(folder, 'exchanges.md'), 'utf8')
const [recorded = '', beyond = ''] = list.split('\n## Beyond the recording\n')

/** Tests of the tools with which the recording is compared. */
const tools = ['recorded.test.ts', 'exchanges.test.ts']

/** The rows of the list: what was recorded, and its test or the reason why there is none. */
const rows = [...recorded.matchAll(/^\| (.+) \| (.+) \|$/gm)]
  .map(([, title = '', by = '']) => ({ title, by }))
  .filter(({ title }) => title !== 'recorded')
const without = rows.filter(({ by }) => by.startsWith('none: '))
const listed = [
  ...rows.filter((row) => !without.includes(row)).map(({ by }) => by),
  ...[...beyond.matchAll(/^- (.+)$/gm)].map(([, name = '']) => name),
]

const existing = new Map<string, ReadonlySet<string>>()

/** The tests of a file, as the list names them. */
function testsOf(file: string): ReadonlySet<string> {
  const known = existing.get(file)
  if (known) return known
  const at = file.includes('/') ? path.join(server, file) : path.join(folder, `${file}.test.ts`)
  const names = new Set(testNamesOf(at, readFileSync(at, 'utf8')).map((name) => `${file} › ${name}`))
  existing.set(file, names)
  return names
}

test('every section of the recording is in the list, and every recorded exchange has a test or a reason', () => {
  const sections = [...recorded.matchAll(/^## (\w+)\. /gm)].map(([, number]) => number)
  const numbered = Array.from({ length: 25 }, (_, index) => String(index + 1))
  expect(sections).toEqual([...numbered.slice(0, 24), '24a', '24b', '24c', '25'])
  expect(rows.length).toBeGreaterThan(550)
  expect(without.length).toBeLessThan(12)
  expect(recorded.match(/^\|(?!---)/gm)).toHaveLength(rows.length + sections.length)
})

test('every test that the list names is there', () => {
  const missing = listed.filter((name) => !testsOf(name.split(' › ', 1)[0] ?? '').has(name))
  expect(missing).toEqual([])
})

test('every test of the recording is in the list', () => {
  const files = globSync('*.test.ts', { cwd: folder }).filter((file) => !tools.includes(file))
  expect(files.length).toBeGreaterThan(10)
  const names = files.flatMap((file) => [...testsOf(path.basename(file, '.test.ts'))])
  expect(names.filter((name) => !listed.includes(name))).toEqual([])
})

test('tests are known by what describes them and by the cases of their tables', () => {
  const names = testNamesOf(
    'a.test.ts',
    `const table = [['one', 1], ['two', 2]]
    test('alone', () => {})
    describe('first', async () => {
      describe('inner', () => { test('deep', () => {}) })
      replay(cast, [['said', 'alice'], ['again', 'alice']])
      test.each(table)('%s of a table', () => {})
      test.each(['x', Buffer.from('y')])('computed %s', () => {})
    })
    test.each(['/a', '/b'])('GET %s', () => {})`,
  )
  expect(names.toSorted()).toEqual([
    'GET /a',
    'GET /b',
    'alone',
    'first › again',
    'first › computed %s',
    'first › inner › deep',
    'first › one of a table',
    'first › said',
    'first › two of a table',
  ])
})
