// Builds the web app where it is not built or its sources are newer, and bundles the server likewise; run by `npm install`.
// Plain JavaScript, because the Node that installs may be one that does not run TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBundleFresh } from '../packages/server/bin/freshness.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = path.join(root, 'packages/web')
const dist = path.join(web, 'dist')
const vite = path.join(root, 'node_modules/vite/bin/vite.js')
const sources = ['packages/web', 'packages/client/src', 'package-lock.json']
const hasDevDependencies = existsSync(vite) && existsSync(web)

if (!hasDevDependencies) {
  console.log(
    'The web app is not built, nor the server bundled: that needs the devDependencies. The API works without.',
  )
} else if (newest(path.join(dist, 'index.html')) < Math.max(...sources.map((each) => newest(path.join(root, each))))) {
  build()
}

if (hasDevDependencies && !isBundleFresh()) {
  const bundled = spawnSync(process.execPath, [path.join(root, 'packages/server/scripts/bundle.js')], {
    stdio: 'inherit',
  })
  process.exitCode ||= bundled.status ?? 1
}

/** Builds beside what is served, and puts it in place as a whole. */
function build() {
  const fresh = `${dist}-${process.pid}`
  const built = spawnSync(process.execPath, [vite, 'build', web, '--outDir', fresh, '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status === 0) {
    const old = `${fresh}-old`
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
    rmSync(old, { recursive: true, force: true })
  }
  rmSync(fresh, { recursive: true, force: true })
  process.exitCode = built.status ?? 1
}

/** When the file, or the latest one in the folder, was changed: milliseconds since 1970; 0 where there is none. */
function newest(file) {
  if (/(^|\/)(node_modules|dist[^/]*|tests)$/.test(file) && !file.endsWith('index.html')) return 0
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name))))
}
