import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errorCode, reasonOf, StartError } from '../../lib/start-error.ts'
import { type Binaries, program } from './binaries.ts'
import type { RunAs } from './user.ts'

/** The role that owns everything, and the name of the one database. */
export const roleName = 'confab'

/** In the cluster itself, so that a moved or restored cluster always has its own. */
const passwordName = 'confab.password'

/** What a program of Postgres is started with: never our own environment, which holds secrets and PG* variables. */
export function spawnOptions(user: RunAs | undefined, cwd: string) {
  const { PATH, SystemRoot } = process.env
  return {
    cwd,
    detached: true,
    env: { TZ: 'UTC', LC_ALL: 'C', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) },
    ...(user && { uid: user.uid, gid: user.gid }),
  }
}

/**
 * Makes a cluster at `clusterDir` if none is there. It is made beside and renamed when whole, so that whatever lies at
 * `clusterDir` is complete and is never deleted, while leftovers of an interrupted attempt are known by their name.
 *
 * @returns whether a cluster was made
 * @throws StartError when the folder there is no cluster of this Postgres's major version, or cannot be made or read
 */
export async function ensureCluster(binaries: Binaries, clusterDir: string, user: RunAs | undefined): Promise<boolean> {
  await removeLeftovers(clusterDir)
  if (await hasCluster(binaries, clusterDir, user)) return false
  const partial = `${clusterDir}.partial-${randomBytes(6).toString('hex')}`
  try {
    await initialise(binaries, partial, user)
    await rename(partial, clusterDir)
    await syncFolder(path.dirname(clusterDir))
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`No database can be made in ${clusterDir}: ${reasonOf(error)}`)
  }
  return true
}

/** The password of the cluster's one role. @throws StartError when its file is missing */
export async function readPassword(clusterDir: string): Promise<string> {
  const file = path.join(clusterDir, passwordName)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new StartError(`The database's password in ${file} cannot be read: ${reasonOf(error)}`)
  }
}

async function hasCluster(binaries: Binaries, clusterDir: string, user: RunAs | undefined): Promise<boolean> {
  const version = await readVersion(clusterDir, user)
  if (version === undefined) return false
  if (version !== String(binaries.major)) {
    throw new StartError(
      `The data in ${clusterDir} is of Postgres ${version} and this Confab brings Postgres ${binaries.major}: start the Confab it was made with, or move it with pg_upgrade or pg_dump`,
    )
  }
  return true
}

async function readVersion(clusterDir: string, user: RunAs | undefined): Promise<string | undefined> {
  try {
    const { uid } = await stat(clusterDir)
    const own = user?.uid ?? process.getuid?.()
    if (own !== undefined && uid !== own) {
      throw new StartError(
        `The data in ${clusterDir} belongs to user ${uid} and Postgres runs as ${own}: run "chown -R ${own} ${clusterDir}", or start as that user`,
      )
    }
    return (await readFile(path.join(clusterDir, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (error instanceof StartError) throw error
    if (errorCode(error) === 'ENOENT' && (await isEmptyOrMissing(clusterDir))) return undefined
    throw new StartError(`The folder ${clusterDir} holds no readable Postgres data: ${reasonOf(error)}`)
  }
}

async function isEmptyOrMissing(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.length === 0,
    (error: unknown) => errorCode(error) === 'ENOENT',
  )
}

async function removeLeftovers(clusterDir: string): Promise<void> {
  const parent = path.dirname(clusterDir)
  const prefix = `${path.basename(clusterDir)}.partial-`
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue
    // The initdb of a killed server may still be at it: what cannot be removed now goes at the next start.
    await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

async function initialise(binaries: Binaries, folder: string, user: RunAs | undefined): Promise<void> {
  const passwordFile = `${folder}.password`
  await mkdir(folder, { mode: 0o700 })
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  if (user) for (const each of [folder, passwordFile]) await chown(each, user.uid, user.gid)
  await runInitdb(binaries, folder, [`--pwfile=${passwordFile}`], user)
  await rename(passwordFile, path.join(folder, passwordName))
}

function runInitdb(binaries: Binaries, folder: string, more: string[], user: RunAs | undefined): Promise<void> {
  const flags = ['--username', roleName, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums']
  const unicode = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--text-search-config=simple']
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(program(binaries, 'initdb'), ['-D', folder, ...flags, ...unicode, ...more], {
    ...spawnOptions(user, path.dirname(folder)),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  child.once('error', reject)
  child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(complaint || `initdb ended with ${code}`))))
  return promise
}

/** Makes the rename itself outlive a power cut. Windows cannot open folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
