import { randomUUID } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errorCode, reasonOf, StartError } from '../../lib/start-error.ts'
import { requireRootsAlone } from './binaries.ts'
import { findClosedFolder, type RunAs } from './user.ts'

/** Where the cluster of a data folder lies or shall lie. */
export type Place = {
  /** The cluster itself; its parent exists. */
  readonly clusterDir: string
  /** What the operator should be told when the cluster is not in the data folder. */
  readonly notice?: string
  /** Ties a newly made cluster to the data folder. Called once the cluster is whole. */
  settle(): Promise<void>
}

/** The file in the data folder that says where its cluster is, when that is elsewhere. */
const linkName = 'postgres-location.json'
/** The file beside such a cluster that says whose it is. */
const ownerName = 'owner.json'

type Link = { readonly id: string; readonly folder: string }
type Owner = { readonly id: string; readonly dataDir: string }

/**
 * Finds the cluster's place: `postgres` in the data folder. Only where the user that runs Postgres cannot enter the
 * data folder (root's case alone) it is a folder of its own below `stateDir`. A random id ties the two together in
 * both directions, so that a moved data folder keeps its cluster and a copied or a new one never gets another's.
 *
 * @param dataDir the real path of the data folder, which exists
 * @throws StartError when the tied cluster is gone, belongs to another data folder, or cannot be reached
 */
export async function findPlace(dataDir: string, user: RunAs | undefined, stateDir: string): Promise<Place> {
  const inside = path.join(dataDir, 'postgres')
  const closed = user ? await findClosedFolder(dataDir, user) : undefined
  if (await exists(inside)) {
    if (user && closed) {
      throw new StartError(
        `The user ${user.name}, who runs Postgres, cannot enter ${closed}: run "chmod o+x ${closed}"`,
      )
    }
    return { clusterDir: inside, settle: async () => {} }
  }
  const link = await readLink(dataDir)
  if (link) return tiedPlace(dataDir, link, closed)
  if (!user || !closed) return { clusterDir: inside, settle: async () => {} }
  return newPlace({ dataDir, user, closed, stateDir })
}

async function tiedPlace(dataDir: string, link: Link, closed: string | undefined): Promise<Place> {
  const clusterDir = path.join(link.folder, 'postgres')
  if (!(await exists(clusterDir))) {
    throw new StartError(
      `The database of ${dataDir} was kept in ${clusterDir} and is gone: restore it, or delete ${path.join(dataDir, linkName)} to begin with an empty one`,
    )
  }
  await requireOwner(dataDir, link)
  return { clusterDir, notice: describe(dataDir, clusterDir, closed), settle: async () => {} }
}

/** A moved data folder takes its cluster along; a copied one is refused, for two may not share one cluster. */
async function requireOwner(dataDir: string, link: Link): Promise<void> {
  const owner = await readOwner(link.folder)
  if (owner?.id === link.id && owner.dataDir === dataDir) return
  const others = owner ? await readLink(owner.dataDir) : undefined
  if (!owner || owner.id !== link.id || others?.id === link.id) {
    throw new StartError(
      `The data folder ${dataDir} is a copy of ${owner?.dataDir ?? 'another'}, whose database is in ${link.folder}: delete ${path.join(dataDir, linkName)} to begin with an empty one`,
    )
  }
  await writeJson(path.join(link.folder, ownerName), { id: link.id, dataDir })
}

async function newPlace(options: { dataDir: string; user: RunAs; closed: string; stateDir: string }): Promise<Place> {
  const { dataDir, user, closed, stateDir } = options
  const id = randomUUID()
  const folder = path.join(stateDir, 'clusters', id)
  try {
    await makeRootFolder(stateDir, 0o755)
    await makeRootFolder(path.join(stateDir, 'clusters'), 0o711)
    await makeRootFolder(folder, 0o711)
  } catch (error) {
    throw new StartError(
      `The user ${user.name}, who runs Postgres, cannot enter ${closed}, and the database cannot be kept in ${stateDir} instead (${reasonOf(error)}): choose another DATA_DIR, or run "chmod o+x ${closed}"`,
    )
  }
  const clusterDir = path.join(folder, 'postgres')
  return {
    clusterDir,
    notice: describe(dataDir, clusterDir, closed),
    async settle() {
      await writeJson(path.join(folder, ownerName), { id, dataDir })
      await writeJson(path.join(dataDir, linkName), { id, folder })
    },
  }
}

/** Makes the folder with exactly this mode, whatever the umask; an existing one is left as it is, but judged. */
async function makeRootFolder(folder: string, mode: number): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode })
  if (made !== undefined) await chmod(folder, mode)
  await requireRootsAlone(folder)
}

function describe(dataDir: string, clusterDir: string, closed: string | undefined): string {
  const why = closed ? `, because the user that runs Postgres cannot enter ${closed}` : ''
  return `The database of ${dataDir} is kept in ${clusterDir}${why}. Back up both.`
}

async function readLink(dataDir: string): Promise<Link | undefined> {
  const file = path.join(dataDir, linkName)
  const fields = await readTexts(file)
  if (!fields) return undefined
  const { id, folder } = fields
  if (id && folder && path.isAbsolute(folder)) return { id, folder }
  throw new StartError(`${file} is damaged: restore it, or delete it to begin with an empty database`)
}

async function readOwner(folder: string): Promise<Owner | undefined> {
  const { id, dataDir } = (await readTexts(path.join(folder, ownerName))) ?? {}
  return id && dataDir ? { id, dataDir } : undefined
}

/** The fields of a small JSON file, all texts, or undefined when there is no such file. */
async function readTexts(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    const fields = Object.entries(content ?? {}).map(([name, value]) => [name, String(value)])
    return Object.fromEntries(fields)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw new StartError(`${file} cannot be read: ${reasonOf(error)}`)
  }
}

/** Replaces the file in one step, so that a crash leaves the old or the new one. */
async function writeJson(file: string, content: Link | Owner): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

async function exists(target: string): Promise<boolean> {
  return lstat(target).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false
      throw new StartError(`${target} cannot be read: ${reasonOf(error)}`)
    },
  )
}

/**
 * Makes the data folder when it is missing and gives its real path. A new one is closed to everybody else, but that
 * root's can be entered (not listed): Postgres's user has to pass.
 *
 * @throws StartError when it cannot be made or is no folder
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700
  try {
    const made = await mkdir(dataDir, { recursive: true, mode: 0o755 })
    if (made !== undefined) await chmod(dataDir, mode)
    return await realpath(dataDir)
  } catch (error) {
    throw new StartError(`The data folder ${dataDir} cannot be made: ${reasonOf(error)}`)
  }
}
