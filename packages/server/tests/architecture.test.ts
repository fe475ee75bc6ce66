import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { features, isTest, violations } from './import-rules.ts'
import { readSource, readSources, root } from './source-tree.ts'

/** The hard limits of a file, of a function and of a component with its markup, in lines. */
const MAX_FILE = 400
const MAX_FUNCTION = 80
const MAX_COMPONENT = 200

const sources = await readSources()

describe('the sources', () => {
  test('keep to the import rules', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(violations(sources)).toEqual([])
  })

  test('import only files that are there', () => {
    const missing = sources.flatMap((file) =>
      file.imports.flatMap(({ specifier, target }) =>
        target === undefined || existsSync(path.join(root, target)) ? [] : [`${file.path}: ${specifier}`],
      ),
    )
    expect(missing).toEqual([])
  })

  test(`have no file of more than ${MAX_FILE} lines`, () => {
    const long = sources.filter((file) => file.lines > MAX_FILE).map((file) => `${file.path}: ${file.lines}`)
    expect(long).toEqual([])
  })

  test(`have no function of more than ${MAX_FUNCTION} lines`, () => {
    const long = sources
      .filter((file) => !isTest(file.path))
      .flatMap((file) => file.functions.map((one) => ({ ...one, path: file.path })))
      .filter((one) => one.lines > (isComponent(one) ? MAX_COMPONENT : MAX_FUNCTION))
      .map((one) => `${one.path}:${one.line} ${one.name}: ${one.lines}`)
    expect(long).toEqual([])
  })
})

describe('the rules notice', () => {
  const server = 'packages/server/src'
  const web = 'packages/web/src'
  const [first, second] = features

  test.each([
    ['a contract that uses more than typebox', 'packages/contract/src/a.ts', "import 'ajv'", 'knows only typebox'],
    [
      'a contract that uses the server',
      'packages/contract/src/a.ts',
      "import '@confab/server/ctx'",
      'may not use server',
    ],
    ['a client that uses the server', 'packages/client/src/a.ts', "import '@confab/server/ctx'", 'may not use server'],
    ['a relative path into another package', `${server}/http/a.ts`, "import '../../../testkit/src/api.ts'", 'testkit'],
    ['a package nobody spoke of', 'packages/robot/src/a.ts', "import '@confab/contract/ids'", 'has no place'],
    ['a layer that uses a higher one', `${server}/lib/a.ts`, "import '../db/open.ts'", 'lib may not use db'],
    ['the database that knows who is calling', `${server}/db/a.ts`, "import '../ctx.ts'", 'db may not use ground'],
    ['a type alone', `${server}/realtime/a.ts`, "import type { A } from '../app.ts'", 'may not use app'],
    ['a type in passing', `${server}/http/a.ts`, "let a: import('../app.ts').A", 'may not use app'],
    ['an import at run time', `${server}/http/a.ts`, "await import('../main.ts')", 'may not use main'],
    ['something passed on', `${server}/http/a.ts`, "export * from '../app.ts'", 'may not use app'],
    ['HTTP that uses realtime', `${server}/http/a.ts`, "import '../realtime/hub.ts'", 'do not know each other'],
    ['realtime that uses a feature', `${server}/realtime/a.ts`, "import '../features/rooms/service.ts'", 'features'],
    ['a file outside all layers', `${server}/helpers/a.ts`, "import '../ctx.ts'", 'is in no layer'],
    ['a feature nobody spoke of', `${server}/features/games/a.ts`, "import '../../ctx.ts'", 'not in the list'],
    [
      'a feature that uses a later one',
      `${server}/features/${first}/a.ts`,
      `import '../${second}/service.ts'`,
      'comes after',
    ],
    [
      "another feature's queries",
      `${server}/features/${second}/a.ts`,
      `import '../${first}/queries.ts'`,
      'service and access',
    ],
    [
      "a socket that uses a feature's queries",
      `${server}/compat/a.ts`,
      "import '../features/rooms/queries.ts'",
      'service and',
    ],
    [
      'a part of the web app that uses a higher one',
      `${web}/ui/A.tsx`,
      "import '../features/rooms/B.tsx'",
      'may not use',
    ],
    [
      'a feature of the web app that uses another',
      `${web}/features/rooms/A.tsx`,
      "import '../people/B.tsx'",
      'each other',
    ],
    ['a web app that uses the server', `${web}/lib/a.ts`, "import '@confab/server/ctx'", 'may not use server'],
    ['a part of the web app nobody spoke of', `${web}/helpers/a.ts`, "import '../lib/b.ts'", 'in no part'],
    ['queries that use the service', `${server}/features/rooms/queries.ts`, "import './service.ts'", 'it goes routes'],
  ])('%s', (_what, file, text, reason) => {
    expect(violations([readSource(file, text)])).toEqual([expect.stringContaining(reason)])
  })

  test('files that import each other, if only for a type', () => {
    const knot = [
      readSource(`${server}/http/a.ts`, "import './b.ts'"),
      readSource(`${server}/http/b.ts`, "import type { C } from './c.ts'"),
      readSource(`${server}/http/c.ts`, "export type { A } from './a.ts'"),
      readSource(`${server}/http/d.ts`, "import './a.ts'"),
    ]
    expect(violations(knot)).toEqual([
      `these import each other: ${server}/http/a.ts, ${server}/http/b.ts, ${server}/http/c.ts`,
    ])
  })

  test('how long a file and its functions are', () => {
    const file = readSource('a.ts', 'const one = () => {\n  return 1\n}\nfunction two() {}\n')
    expect(file.lines).toBe(4)
    expect(file.functions).toEqual(
      [
        { name: 'two', line: 4, lines: 1 },
        { name: 'anonymous', line: 1, lines: 3 },
      ].sort((a, b) => a.line - b.line),
    )
  })
})

function isComponent({ path: file, name }: { path: string; name: string }): boolean {
  return file.endsWith('.tsx') && /^[A-Z]/.test(name)
}
