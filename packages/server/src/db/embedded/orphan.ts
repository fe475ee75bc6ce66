/**
 * What a killed server leaves behind: a Postgres that still runs, or the file of one that does not.
 *
 * Guarantees: never a second postmaster on one cluster (Postgres's own guard, which nothing here weakens); a postmaster
 * is known by what it runs on, never by its process id alone.
 * Callers: `embedded.ts` alone, which holds the data folder's lock, so the server of that Postgres is surely gone.
 */
import { readFile, realpath, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { program } from './binaries.ts'
import { socketLock } from './endpoint.ts'
import { isPostmaster, pollMs, readPidFile } from './pid-file.ts'
import { argumentsOf, type Launch, stopPostmaster } from './postmaster.ts'

/** How long one found starting or stopping may take to finish that. */
const settleMs = 60_000

/**
 * Looks for a Postgres that a killed server left behind. One that runs with exactly the settings of `launch` is taken
 * over; any other is stopped. A leftover file of a dead one is made harmless.
 *
 * @returns the process id of the one taken over
 */
export async function adoptPostmaster(launch: Launch): Promise<number | undefined> {
  const { clusterDir, log } = launch
  const pid = (await readPidFile(clusterDir))?.pid
  if (pid === undefined || !(await isPostmaster(pid, clusterDir))) {
    await disown(path.join(clusterDir, 'postmaster.pid'))
    await disown(socketLock(launch.endpoint))
    return undefined
  }
  if ((await waitUntilReady(pid, clusterDir)) && (await runsAs(launch))) {
    log.info({ postgres: pid }, 'took over the Postgres that a killed server left running')
    return pid
  }
  log.info({ postgres: pid }, 'stopping the Postgres that a killed server left running')
  await stopPostmaster(pid, launch)
  return undefined
}

/** @returns false when it ended instead, or is in neither state after a minute */
async function waitUntilReady(pid: number, clusterDir: string): Promise<boolean> {
  const end = Date.now() + settleMs
  while (Date.now() < end && (await isPostmaster(pid, clusterDir))) {
    const file = await readPidFile(clusterDir)
    if (file?.pid === pid && file.status === 'ready') return true
    await delay(pollMs)
  }
  return false
}

/** Postgres keeps its own record of how it was called. */
async function runsAs(launch: Launch): Promise<boolean> {
  const recorded = await readFile(path.join(launch.clusterDir, 'postmaster.opts'), 'utf8').catch(() => '')
  const words = argumentsOf(launch).map((word) => `"${word}"`)
  return recorded.trim() === [await realpath(program(launch.binaries, 'postgres')), ...words].join(' ')
}

/**
 * A lock file of Postgres's whose process id now belongs to some other process, or to one that ended and was not yet
 * waited for, would make Postgres refuse to start. It is given the id of this process instead, its parent's, which
 * Postgres knows cannot be a postmaster; deleting `postmaster.pid` would also delete Postgres's means of noticing
 * surviving backends by their shared memory.
 */
async function disown(lockFile: string): Promise<void> {
  const text = await readFile(lockFile, 'utf8').catch(() => undefined)
  if (text !== undefined) await writeFile(lockFile, text.replace(/^\d+/, String(process.pid)))
}
