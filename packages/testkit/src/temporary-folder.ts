import { readFileSync, statfsSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where Linux has files in memory. */
const MEMORY = '/dev/shm'

/** Three times what the folders of a run hold at once. */
const ROOM_BYTES = 3 * 1024 ** 3

/** Undefined until it is looked for. */
let inMemory: string | undefined

/**
 * Makes an empty folder that everybody may enter, as the user who runs root's Postgres must. It is the caller's to remove.
 *
 * It is in memory where there is room. A database is hundreds of files, and those of tests are dropped soon; for each new
 * file ext4 goes over all that were deleted in the last minutes (`recently_deleted` in `fs/ext4/ialloc.c`), which was a
 * sixth of the processor time of a run.
 *
 * @param name begins the folder's name, such as `confab-key-`
 * @param options.isOnDisk for tests of what survives, whose Postgres is to wait for a disk as one in use does
 */
export async function temporaryFolder(name: string, options: { isOnDisk?: boolean } = {}): Promise<string> {
  inMemory ??= hasRoomInMemory() ? MEMORY : tmpdir()
  const folder = await mkdtemp(path.join(options.isOnDisk ? tmpdir() : inMemory, name))
  await chmod(folder, 0o755)
  return folder
}

/** Whether it is there, has room, and programs can be started from it, which containers seldom allow. */
function hasRoomInMemory(): boolean {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const [, , kind, options] = mounts.map((line) => line.split(' ')).findLast(([, at]) => at === MEMORY) ?? []
    const forbids = options?.split(',').some((option) => option === 'ro' || option === 'noexec')
    if (kind !== 'tmpfs' || forbids) return false
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false
  }
}
