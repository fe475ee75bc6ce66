import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where `scripts/bundle.js` puts the server. */
export const BUNDLE = path.join(root, 'packages/server/dist')

/** The file of a bundle that says what it was made of: the hash of its sources. */
export const MADE_OF = 'made-of'

const FOLDERS = ['packages/contract/src', 'packages/server/scripts', 'packages/server/src']
const FILES = ['package-lock.json', 'packages/contract/package.json', 'packages/server/package.json']

/**
 * Whether the server has been bundled as it is now. A few hundred files are read for it, which takes some milliseconds; where
 * one cannot be read it is not as it was.
 */
export function isBundleFresh() {
  const madeOf = path.join(BUNDLE, MADE_OF)
  try {
    return existsSync(madeOf) && readFileSync(madeOf, 'utf8') === hashSources()
  } catch {
    return false
  }
}

/**
 * All that the server consists of, tests aside, and the versions of its libraries, as a hash. When files were changed says
 * less: who copies or unpacks them may keep their times. Hidden files are those of editors and file managers.
 *
 * @throws Error where a file cannot be read
 */
export function hashSources() {
  const hash = createHash('sha1')
  for (const name of [...FOLDERS.flatMap(listFiles), ...FILES].sort()) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(root, name)))
      .update('\0')
  }
  return hash.digest('hex')
}

function listFiles(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}
