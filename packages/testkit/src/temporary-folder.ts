import { readFileSync, statfsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where Linux has files in memory. */
const MEMORY = '/dev/shm'

/** More than twice what the folders of a run hold at once. */
const ROOM_BYTES = 3 * 1024 ** 3

/** No run leaves a folder as it is for so long; one that was killed does. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000

/** Undefined until it is looked for. */
let isMemoryUsed: boolean | undefined

/**
 * Makes an empty folder that everybody may enter, as the user who runs root's Postgres must. It is the caller's to remove.
 *
 * It is in memory where there is room, and where nobody has said otherwise by `TMPDIR`. A database is hundreds of files, and
 * those of tests are dropped soon; for each new file ext4 goes over all that were deleted in the last minutes
 * (`recently_deleted` in `fs/ext4/ialloc.c`). That and the files themselves were measured to be a quarter of the processor
 * time of a run.
 *
 * @param name begins the folder's name, such as `confab-cli-`
 * @param options.isOnDisk for tests of what survives, whose Postgres is to wait for a disk as one in use does, where
 *   temporary files are on one
 */
export async function temporaryFolder(name: string, options: { isOnDisk?: boolean } = {}): Promise<string> {
  isMemoryUsed ??= process.env.TMPDIR === undefined && hasRoomInMemory()
  const onDisk = path.join(tmpdir(), name)
  const isOnDisk = options.isOnDisk || !isMemoryUsed
  // A sandbox may show the place and not let one in.
  const folder = isOnDisk ? await mkdtemp(onDisk) : await mkdtemp(path.join(MEMORY, name)).catch(() => mkdtemp(onDisk))
  await chmod(folder, 0o755)
  return folder
}

/**
 * Gives the memory free that runs hold which were killed.
 *
 * @param parent where the folders are
 */
export async function removeForgottenFolders(parent = MEMORY): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith('confab-')) continue
    const folder = path.join(parent, name)
    const changedAt = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now()
    // Somebody else's stays.
    if (Date.now() - changedAt > FORGOTTEN_MS) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** Whether it is there, has room, and programs can be started from it, which containers seldom allow. */
function hasRoomInMemory(): boolean {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const [, , kind, options] = mounts.map((line) => line.split(' ')).findLast(([, at]) => at === MEMORY) ?? []
    const forbids = options?.split(',').some((option) => option === 'ro' || option === 'noexec')
    if (kind !== 'tmpfs' || forbids) return false
    const { bavail, bsize } = statfsSync(MEMORY)
    return Math.min(bavail * bsize, process.availableMemory()) >= ROOM_BYTES
  } catch {
    return false
  }
}
