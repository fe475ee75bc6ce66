// Builds what is not built or older than its sources, the server and the web app; run by `npm install`. Plain JavaScript,
// because the Node that installs may be one that does not run TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUNDLE, isBundleFresh, isNewer } from '../packages/server/bin/freshness.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = path.join(root, 'packages/web')
const vite = path.join(root, 'node_modules/vite/bin/vite.js')
const webSources = ['packages/web', 'packages/client/src', 'package-lock.json']

if (!existsSync(vite) || !existsSync(web)) {
  console.log('The web app is not built: that needs the devDependencies. The API works without it.')
} else {
  if (!isNewer(path.join(web, 'dist/index.html'), webSources)) {
    build(path.join(web, 'dist/index.html'), (fresh) => [vite, 'build', web, '--outDir', fresh, '--logLevel', 'warn'])
  }
  if (!isBundleFresh()) build(BUNDLE, (fresh) => [path.join(root, 'packages/server/scripts/bundle.js'), fresh])
}

/** Builds the folder of a file beside what is in use, and puts it in place as a whole. */
function build(file, program) {
  const dist = path.dirname(file)
  const fresh = `${dist}-${process.pid}`
  const begun = new Date()
  const built = spawnSync(process.execPath, program(fresh), {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status === 0) {
    // What changes while it is being built may not be in it.
    utimesSync(path.join(fresh, path.basename(file)), begun, begun)
    const old = `${fresh}-old`
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
    rmSync(old, { recursive: true, force: true })
  }
  rmSync(fresh, { recursive: true, force: true })
  process.exitCode ||= built.status ?? 1
}
