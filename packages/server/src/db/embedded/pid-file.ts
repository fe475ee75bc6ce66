import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/** The postmaster's (Postgres's main process's) own words in `postmaster.pid`. */
export type PidFile = {
  readonly pid: number
  /** `starting`, `ready`, `stopping`, …; undefined while the file is being written. */
  readonly status: string | undefined
}

/** How often something that Postgres does in its own time is looked at. */
export const pollMs = 10

/** What the cluster's `postmaster.pid` says, or undefined when there is none. */
export async function readPidFile(clusterDir: string): Promise<PidFile | undefined> {
  const text = await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, status: lines[7]?.trim() } : undefined
}

/**
 * True while `pid` is the postmaster of this cluster, and not a process that got the same number later: told by its
 * command line, which everybody may read and which is empty for one that ended and was not yet waited for.
 */
export async function isPostmaster(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform === 'win32') return isAlive(pid)
  try {
    if (process.platform === 'linux') {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
      return words[0]?.endsWith('postgres') === true && words.includes(clusterDir)
    }
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    return stdout.includes(`postgres -D ${clusterDir} -c`)
  } catch {
    return false
  }
}

/** Waits for the postmaster to end. @returns false when it still runs after `timeoutMs` */
export async function waitUntilGone(pid: number, clusterDir: string, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs
  while (await isPostmaster(pid, clusterDir)) {
    if (Date.now() > end) return false
    await delay(pollMs)
  }
  return true
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
