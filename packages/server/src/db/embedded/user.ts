import type { Stats } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'

/** The operating system's user that Postgres runs as when this process is root, which Postgres refuses to be. */
export type RunAs = { readonly uid: number; readonly gid: number; readonly name: string }

/** `nobody`: exists by number everywhere, also in containers without a user list. */
const nobody: RunAs = { uid: 65534, gid: 65534, name: 'nobody' }

/**
 * Who runs Postgres: undefined for "this process's own user", which is everyone's case but root's. For root it is the
 * owner of the existing cluster, so that a user list that changes does not lock people out of their data; else the
 * machine's `postgres` user; else `nobody`.
 */
export async function choosePostgresUser(clusterDir?: string): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = clusterDir === undefined ? undefined : await stat(clusterDir).catch(() => undefined)
  const users = await listUsers()
  if (owner && owner.uid !== 0) {
    const name = users.find((user) => user.uid === owner.uid)?.name ?? String(owner.uid)
    return { uid: owner.uid, gid: owner.gid, name }
  }
  return users.find((user) => user.name === 'postgres' && user.uid !== 0) ?? nobody
}

/**
 * The first folder on the way to `target` (itself included) that `user` may not enter, or undefined when the way is
 * free. Judged by owner and mode; finer access lists are not looked at, Postgres itself then says what is wrong.
 */
export async function findClosedFolder(target: string, user: RunAs): Promise<string | undefined> {
  for (const folder of ancestors(await realpath(target))) {
    if (!mayEnter(await stat(folder), user)) return folder
  }
  return undefined
}

/** `target` and every folder above it, from the root down. */
export function ancestors(target: string): string[] {
  const parent = path.dirname(target)
  return parent === target ? [target] : [...ancestors(parent), target]
}

function mayEnter(folder: Stats, user: RunAs): boolean {
  if (folder.uid === user.uid) return (folder.mode & 0o100) !== 0
  if (folder.gid === user.gid) return (folder.mode & 0o010) !== 0
  return (folder.mode & 0o001) !== 0
}

async function listUsers(): Promise<RunAs[]> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
