/**
 * Writes docs/client-api.md, the reference of the package, from the docstrings of what it exports. With `--verify` it
 * writes nothing and fails where the page is not up to date.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderReference } from './render-reference.ts'

const OUT_FILE = path.resolve(import.meta.dirname, '../../../docs/client-api.md')

const text = await renderReference(path.resolve(import.meta.dirname, '../src'))
if (!process.argv.includes('--verify')) {
  await writeFile(OUT_FILE, text)
} else if ((await readFile(OUT_FILE, 'utf8')) !== text) {
  process.stderr.write('docs/client-api.md is not up to date: npm run docs -w @confab/client\n')
  process.exitCode = 1
}
