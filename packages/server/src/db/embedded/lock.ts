import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { errorCode, reasonOf, StartError } from '../../lib/start-error.ts'

/** Another living process holds the data folder. Commands that can share its Postgres look for this one. */
export class DataDirInUse extends StartError {
  override readonly name = 'DataDirInUse'
}

/** The sole right to use a data folder, held until `release` or the end of the process, however it ends. */
export type DataDirLock = {
  /** Lets the next process in. Calling it again does nothing. */
  release(): void
}

const sqliteBusy = 5

/**
 * Takes the data folder for this process. The guard is the kernel's: an exclusive lock on `server.lock`, which ends
 * with the process, so a `kill -9` leaves nothing stale and a reused process id cannot be mistaken for the owner.
 * Node offers file locks only through its SQLite, which is why the lock file is an (always empty) SQLite database.
 * `server.json` beside it only tells people who holds the lock.
 *
 * @param holder what this process is doing, for the message that others get ("serve", "create-admin")
 * @throws DataDirInUse when another process holds the folder; StartError when it cannot be written
 */
export function lockDataDir(dataDir: string, holder: string): DataDirLock {
  const card = path.join(dataDir, 'server.json')
  const database = takeLock(dataDir, card)
  writeFileSync(card, `${JSON.stringify({ pid: process.pid, command: holder, since: new Date().toISOString() })}\n`)
  let isHeld = true
  return {
    release() {
      if (!isHeld) return
      isHeld = false
      rmSync(card, { force: true })
      database.close()
    },
  }
}

function takeLock(dataDir: string, card: string): DatabaseSync {
  try {
    return openExclusively(dataDir)
  } catch (error) {
    if (isBusy(error)) {
      throw new DataDirInUse(
        `The data folder ${dataDir} is in use by ${describeHolder(card)}: stop that one first, or choose another DATA_DIR`,
      )
    }
    throw new StartError(`The data folder ${dataDir} cannot be written by this user: ${reasonOf(error)}`)
  }
}

function openExclusively(dataDir: string): DatabaseSync {
  const database = new DatabaseSync(path.join(dataDir, 'server.lock'))
  try {
    // Nothing is ever written, so nothing needs a journal on disk.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function isBusy(error: unknown): boolean {
  return errorCode(error) === 'ERR_SQLITE_ERROR' && error instanceof Error && 'errcode' in error
    ? error.errcode === sqliteBusy
    : false
}

function describeHolder(card: string): string {
  try {
    const { pid, command, since }: { pid?: unknown; command?: unknown; since?: unknown } = JSON.parse(
      readFileSync(card, 'utf8'),
    )
    return `another Confab (process ${pid}, "${command}", since ${since})`
  } catch {
    // The owner has the lock and not yet written its card, or just removed it.
    return 'another Confab'
  }
}
