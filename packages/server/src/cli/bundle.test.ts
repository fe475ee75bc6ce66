import { execFile } from 'node:child_process'
import { cp, mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { useCli } from './testing.ts'

const { newDataDir } = useCli()
const bin = fileURLToPath(new URL('../../bin', import.meta.url))

const sources = {
  'package-lock.json': '{}',
  'packages/contract/src/ids.ts': '',
  'packages/server/scripts/bundle.js': '',
  'packages/server/src/db/open.ts': '',
  'packages/server/src/main.ts': "console.log('sources')",
  'packages/server/src/main.test.ts': '',
}
const bundle = { 'packages/server/dist/main.js': "console.log('bundle')" }

/** An installation whose program says whether it is the bundle, which was made an hour ago, of sources a day old. */
async function install(files: Record<string, string>): Promise<string> {
  const root = newDataDir()
  await cp(bin, path.join(root, 'packages/server/bin'), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), text)
  }
  await age(root, Object.keys(sources), 24)
  await age(root, Object.keys(bundle), 1)
  return root
}

/** As if these, and the folders that they are in, had been changed so many hours ago for the last time. */
async function age(root: string, names: string[], hours: number): Promise<void> {
  const time = Date.now() / 1000 - hours * 3_600
  const touch = (name: string) => utimes(path.join(root, name), time, time).catch(() => {})
  for (const name of names) {
    await touch(name)
    await touch(path.dirname(name))
  }
}

/** Starts the installation's program. @returns what it says */
async function start(root: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'packages/server/bin/confab.js')])
  return stdout.trim()
}

test('what was bundled is what starts', async () => {
  expect(await start(await install({ ...sources, ...bundle }))).toBe('bundle')
})

test('without a bundle the sources start', async () => {
  expect(await start(await install(sources))).toBe('sources')
})

test.each(Object.keys(sources).filter((name) => !name.endsWith('.test.ts')))(
  'the sources start once %s was changed',
  async (name) => {
    const root = await install({ ...sources, ...bundle })
    await utimes(path.join(root, name), new Date(), new Date())
    expect(await start(root)).toBe('sources')
  },
)

test('the sources start once one was taken away or another was added', async () => {
  const without = await install({ ...sources, ...bundle })
  await rm(path.join(without, 'packages/server/src/db/open.ts'))
  expect(await start(without)).toBe('sources')
  const more = await install({ ...sources, ...bundle })
  await writeFile(path.join(more, 'packages/contract/src/rooms.ts'), '')
  expect(await start(more)).toBe('sources')
})

test('a test that was changed says nothing of the server', async () => {
  const root = await install({ ...sources, ...bundle })
  await utimes(path.join(root, 'packages/server/src/main.test.ts'), new Date(), new Date())
  expect(await start(root)).toBe('bundle')
})
