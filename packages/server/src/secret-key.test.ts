import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from './lib/start-error.ts'
import { loadSecretKey } from './secret-key.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'confab-key-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

test('the first start makes a key that only the owner can read, and later starts find it', async () => {
  const key = await loadSecretKey({ dataDir, secretKey: undefined })
  expect(key.length).toBeGreaterThanOrEqual(64)
  expect((await stat(path.join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600)
  expect(await loadSecretKey({ dataDir, secretKey: undefined })).toBe(key)
})

test('starts at the same moment agree on one key and leave nothing else behind', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSecretKey({ dataDir, secretKey: undefined })))
  expect(new Set(keys).size).toBe(1)
  expect(await readdir(dataDir)).toEqual(['secret.key'])
})

test('SECRET_KEY goes before the file and makes none', async () => {
  const secretKey = 's'.repeat(32)
  expect(await loadSecretKey({ dataDir, secretKey })).toBe(secretKey)
  expect(await readdir(dataDir)).toEqual([])
})

test('a damaged key file is refused and left alone', async () => {
  const file = path.join(dataDir, 'secret.key')
  await writeFile(file, 'short\n')
  await expect(loadSecretKey({ dataDir, secretKey: undefined })).rejects.toThrow(StartError)
  expect(await readFile(file, 'utf8')).toBe('short\n')
})
