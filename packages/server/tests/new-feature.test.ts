import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './source-tree.ts'

let copy = ''

/** A copy of the repository, whose packages of ours are those of the copy. Below /tmp, where root's Postgres can enter. */
beforeAll(() => {
  copy = mkdtempSync('/tmp/confab-feature-')
  const parts = [
    'packages',
    'bench',
    'chaos',
    'scripts',
    'package.json',
    'tsconfig.json',
    'biome.json',
    'vitest.config.ts',
  ]
  const isSource = (file: string) => !/(^|\/)(node_modules|dist)$/.test(file)
  for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true, filter: isSource })
  const link = (name: string, target: string) => symlinkSync(target, path.join(copy, 'node_modules', name))
  mkdirSync(path.join(copy, 'node_modules/@confab'), { recursive: true })
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name !== '@confab' && name !== '.cache') link(name, path.join(root, 'node_modules', name))
  }
  for (const name of readdirSync(path.join(copy, 'packages')))
    link(`@confab/${name}`, path.join(copy, 'packages', name))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** While a program runs that is waited for like this, no time limit of the test's own can end it. */
const RUN_MS = 150_000

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', timeout: RUN_MS })
  return { status, output: stdout + stderr }
}

function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path.join(copy, file), 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path.join(copy, file), text.replace(from, to))
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name)

test('a new feature works once it is registered as the script says, and keeps to types, lint and import rules', () => {
  const made = run(process.execPath, 'scripts/new-feature.ts', 'notes')
  expect(made).toMatchObject({ status: 0, output: expect.stringContaining('features/notes/routes.ts') })

  edit('packages/server/src/app.ts', /^import/m, "import { noteRoutes } from './features/notes/routes.ts'\nimport")
  edit('packages/server/src/app.ts', '  roomRoutes(host)\n', '  roomRoutes(host)\n  noteRoutes(host)\n')
  edit('packages/server/tests/import-rules.ts', "  'search',\n", "  'search',\n  'notes',\n")

  const files = ['packages/server/src/features/notes', 'packages/contract/src/notes']
  writeFileSync(path.join(copy, 'tsconfig.notes.json'), JSON.stringify({ extends: './tsconfig.json', include: files }))
  expect(run(bin('tsc'), '-p', 'tsconfig.notes.json', '--checkers', '1')).toEqual({ status: 0, output: '' })
  expect(run(bin('biome'), 'ci', '--vcs-enabled=false', ...files)).toMatchObject({ status: 0 })
  const tests = ['packages/server/src/features/notes', 'packages/server/tests/architecture.test.ts']
  expect(run(bin('vitest'), 'run', ...tests)).toMatchObject({ status: 0, output: expect.stringMatching(/2 passed/) })
}, 180_000)

test.each([[], ['Notes'], ['a-b'], ['sheep'], ['rooms']])('refuses %s in one line and makes nothing', (...names) => {
  const { status, output } = run(process.execPath, 'scripts/new-feature.ts', ...names)
  expect(status).toBe(1)
  expect(output.trim().split('\n')).toHaveLength(1)
})
