import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { initialScripts, totalBytes } from '../../packages/web/scripts/initial-scripts.ts'
import { buildWebApp, webFolder } from './build.ts'

beforeAll(buildWebApp, 120_000)

test('the first view needs no more than 180 KB of scripts', async () => {
  const scripts = await initialScripts()
  expect(scripts.length).toBeGreaterThan(3)
  expect(totalBytes(scripts)).toBeLessThanOrEqual(180_000)
})

test('what the server sends is compressed ahead of time', async () => {
  const scripts = (await readdir(path.join(webFolder, 'assets'))).filter((name) => name.endsWith('.css'))
  expect(scripts.length).toBeGreaterThan(0)
  for (const name of scripts) {
    for (const ending of ['br', 'gz'])
      expect(existsSync(path.join(webFolder, 'assets', `${name}.${ending}`))).toBe(true)
  }
})

test('no text is compiled in the browser: the parser of messages is not in the build', async () => {
  const names = (await readdir(path.join(webFolder, 'assets'))).filter((name) => name.endsWith('.js'))
  for (const name of names) {
    expect(await readFile(path.join(webFolder, 'assets', name), 'utf8')).not.toContain('EXPECT_ARGUMENT_CLOSING_BRACE')
  }
})
