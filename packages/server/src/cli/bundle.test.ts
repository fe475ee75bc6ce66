import { execFile } from 'node:child_process'
import { cp, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { useCli } from './testing.ts'

const { newDataDir } = useCli()
const bin = fileURLToPath(new URL('../../bin', import.meta.url))

const sources = {
  'package-lock.json': '{}',
  'packages/contract/package.json': '{}',
  'packages/contract/src/ids.ts': '',
  'packages/server/package.json': '{ "type": "module" }',
  'packages/server/scripts/bundle.js': '',
  'packages/server/src/db/open.ts': '',
  'packages/server/src/main.ts': "console.log('sources')",
  'packages/server/src/main.test.ts': '',
}

const run = async (root: string, ...args: string[]) =>
  (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout.trim()

/** An installation whose program says whether it is the bundle, which was made of its sources. */
async function install({ isBundled = true } = {}): Promise<string> {
  const root = newDataDir()
  await cp(bin, path.join(root, 'packages/server/bin'), { recursive: true })
  for (const [name, text] of Object.entries(sources)) await write(root, name, text)
  if (isBundled) {
    const hash = "import('./packages/server/bin/freshness.js').then((it) => console.log(it.hashSources()))"
    await write(root, 'packages/server/dist/made-of', await run(root, '-e', hash))
    await write(root, 'packages/server/dist/main.js', "console.log('bundle')")
  }
  return root
}

async function write(root: string, name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true })
  await writeFile(path.join(root, name), text)
}

/** What the installation's program is. */
const started = (root: string) => run(root, 'packages/server/bin/confab.js')

test('what was bundled is what starts', async () => {
  expect(await started(await install())).toBe('bundle')
})

test('without a bundle the sources start', async () => {
  expect(await started(await install({ isBundled: false }))).toBe('sources')
})

test.each(Object.keys(sources).filter((name) => !name.endsWith('.test.ts')))(
  'the sources start where %s is another one, whenever that was changed',
  async (name) => {
    const root = await install()
    const { mtime } = await stat(path.join(root, name))
    await write(root, name, `${Reflect.get(sources, name)} `)
    await utimes(path.join(root, name), mtime, mtime)
    expect(await started(root)).toBe('sources')
  },
)

test.each(['packages/server/src/db/open.ts', 'package-lock.json', 'packages/contract'])(
  'the sources start where %s was taken away',
  async (name) => {
    const root = await install()
    await rm(path.join(root, name), { recursive: true })
    expect(await started(root)).toBe('sources')
  },
)

test('the sources start where another one was added', async () => {
  const more = await install()
  await write(more, 'packages/contract/src/rooms.ts', '')
  expect(await started(more)).toBe('sources')
})

test('the bundle starts where a test was changed, a file written anew as it was, or one is of an editor', async () => {
  const root = await install()
  await write(root, 'packages/server/src/main.test.ts', '//')
  await write(root, 'package-lock.json', sources['package-lock.json'])
  await write(root, 'packages/server/src/db/.open.ts.swp', 'open')
  expect(await started(root)).toBe('bundle')
})
