import { randomBytes } from 'node:crypto'
import { mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../lib/start-error.ts'
import { parseImageFile, requireImageFile } from './files.ts'
import type { MediaStorage, OpenFile, StoredFile } from './storage.ts'

/** Unfinished writes older than this were left by a process that is gone. */
const UNFINISHED_MS = 24 * 60 * 60 * 1000

/**
 * Keeps images as files below `root`, which is made if it is missing. Files lie in 256 folders by the first two digits
 * of their key, and are written aside, synced and renamed into place, so that a power cut leaves a file whole or absent.
 * @throws the file system's error when the folder cannot be made or written
 */
export async function openDiskStorage(root: string): Promise<MediaStorage> {
  const unfinished = join(root, 'tmp')
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  await removeUnfinished(unfinished, Date.now() - UNFINISHED_MS)
  return {
    put: (name, body) => put(root, unfinished, name, body),
    open: (name) => openFile(root, name),
    delete: (names) => deleteFiles(root, names),
    list: () => list(root),
  }
}

async function put(root: string, unfinished: string, name: string, body: Buffer): Promise<void> {
  const path = pathOf(root, requireImageFile(name).key, name)
  const folder = join(path, '..')
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made) await syncFolder(root)
  const temporary = join(unfinished, randomBytes(16).toString('hex'))
  try {
    await writeSynced(temporary, body)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

async function openFile(root: string, name: string): Promise<OpenFile | undefined> {
  const file = parseImageFile(name)
  if (!file) return undefined
  const handle = await open(pathOf(root, file.key, name)).catch(ignoreMissing)
  if (!handle) return undefined
  try {
    const { size } = await handle.stat()
    return { stream: handle.createReadStream(), bytes: size, contentType: file.contentType }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function deleteFiles(root: string, names: readonly string[]): Promise<void> {
  const paths = names.map((name) => pathOf(root, requireImageFile(name).key, name))
  for (const path of paths) await rm(path, { force: true })
}

async function* list(root: string): AsyncGenerator<StoredFile> {
  for (const shard of await readdir(root)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue
    for await (const { name } of await opendir(join(root, shard))) {
      if (!parseImageFile(name)) continue
      const found = await stat(join(root, shard, name)).catch(ignoreMissing)
      if (found) yield { name, modifiedAt: found.mtime }
    }
  }
}

function pathOf(root: string, key: string, name: string): string {
  return join(root, key.slice(0, 2), name)
}

async function writeSynced(path: string, body: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(body)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename is durable only once its folder is. Windows cannot open folders and needs no such sync. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeUnfinished(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(ignoreMissing)
    if (found && found.mtimeMs < before) await rm(join(folder, name), { force: true })
  }
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined
  throw error
}
