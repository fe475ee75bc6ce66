import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What `scripts/bundle.js` makes of the server. */
export const BUNDLE = path.join(root, 'packages/server/dist/main.js')

const SOURCES = ['packages/contract/src', 'packages/server/src', 'packages/server/scripts', 'package-lock.json']

/** Whether the server has been bundled as it is now. A few hundred files are looked at, which takes some milliseconds. */
export function isBundleFresh() {
  return isNewer(BUNDLE, SOURCES)
}

/** Whether a file is there and was made after the last change to any of these files and folders, tests aside. */
export function isNewer(file, sources) {
  const madeAt = newest(file)
  return madeAt > 0 && sources.every((source) => newest(path.join(root, source)) <= madeAt)
}

/** When the file, or the latest one in the folder, was changed: milliseconds since 1970; 0 where there is none. */
function newest(file) {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  const names = readdirSync(file)
  // A folder changes with what is put into it or taken out; where one is built into, that is no change of a source.
  const changed = names.includes('dist') ? 0 : stat.mtimeMs
  return names
    .filter((name) => !/^(node_modules|dist.*|tests|.*\.test\.tsx?)$/.test(name))
    .reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), changed)
}
