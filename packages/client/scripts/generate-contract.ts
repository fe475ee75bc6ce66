/**
 * Writes src/contract.gen.ts: the contract's types as plain TypeScript, its calls as a table, and its constants, so that
 * the package carries no schema library. With `--verify` it writes nothing and fails where the file is not up to date.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderContract } from './render-contract.ts'

const OUT_FILE = path.resolve(import.meta.dirname, '../src/contract.gen.ts')

const text = await renderContract()
if (!process.argv.includes('--verify')) {
  await writeFile(OUT_FILE, text)
} else if ((await readFile(OUT_FILE, 'utf8')) !== text) {
  process.stderr.write('packages/client/src/contract.gen.ts is not up to date: npm run gen -w @confab/client\n')
  process.exitCode = 1
}
