import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { errorCode, reasonOf, StartError } from '../../lib/start-error.ts'
import { type Binaries, program } from './binaries.ts'
import { spawnOptions } from './cluster.ts'
import { type Endpoint, endpointFlags } from './endpoint.ts'
import { isPostmaster, pollMs, readPidFile, waitUntilGone } from './pid-file.ts'
import type { RunAs } from './user.ts'

/** All it takes to start a cluster's Postgres. */
export type Launch = {
  readonly binaries: Binaries
  readonly clusterDir: string
  readonly user: RunAs | undefined
  readonly endpoint: Endpoint
  /** Where Postgres writes what it has to say. */
  readonly logFile: string
  readonly log: Logger
}

/** How long to wait for the processes of a killed Postgres. */
const leavingMs = 10_000
const fastShutdownMs = 30_000
const immediateShutdownMs = 10_000
const largestLogBytes = 5_000_000

/** Settings beyond Postgres's defaults. Durability (fsync, full_page_writes, synchronous_commit) stays on, as they are. */
const settings: Readonly<Record<string, string>> = {
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A statement whose client is gone (a killed server) ends within a second.
  client_connection_check_interval: '1s',
  // Short queries only: compiling one costs more than it saves.
  jit: 'off',
  // Disks without moving parts.
  random_page_cost: '1.1',
  // No statements, parameters or row contents in the log; what a client did wrong is the server's to report.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

const smallestBuffersMb = 128
const largestBuffersMb = 1_024

/**
 * How much memory Postgres keeps pages in, in megabytes: a sixteenth of what there is. It is taken as the data grows,
 * so that a small server on a large machine stays small.
 */
export function sharedBuffersMb(memoryBytes: number): number {
  const share = Math.floor(memoryBytes / 16 / 1024 / 1024)
  return Math.min(largestBuffersMb, Math.max(smallestBuffersMb, share))
}

/** The memory this process may use: the machine's, or less in a container. */
function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** Starts Postgres and waits until it takes connections, however long recovery takes. @returns its process id */
export async function startPostmaster(launch: Launch): Promise<number> {
  const end = Date.now() + leavingMs
  for (;;) {
    const logOffset = await rotateLog(launch.logFile)
    const pid = await launchAndWait(launch)
    if (pid !== undefined) return pid
    const complaint = await lastComplaint(launch.logFile, logOffset)
    // The processes of a Postgres that was killed take a moment to notice.
    if (/shared memory block .* still in use/.test(complaint) && Date.now() < end) await delay(pollMs)
    else
      throw new StartError(`Postgres could not start on ${launch.clusterDir}: ${complaint} (more in ${launch.logFile})`)
  }
}

/** @returns the process id, or undefined when it ended before it was ready */
async function launchAndWait(launch: Launch): Promise<number | undefined> {
  const child = await spawnPostmaster(launch)
  while (child.exitCode === null && child.signalCode === null) {
    const file = await readPidFile(launch.clusterDir)
    if (file !== undefined && file.pid === child.pid && file.status === 'ready') return child.pid
    await delay(pollMs)
  }
  return undefined
}

/** Shuts Postgres down: fast (clients are cut off, everything is written), and if that hangs, as for a power cut. */
export async function stopPostmaster(
  pid: number,
  launch: Pick<Launch, 'clusterDir' | 'binaries' | 'log'>,
): Promise<void> {
  if (!(await isPostmaster(pid, launch.clusterDir))) return
  await signalShutdown(pid, launch, 'fast')
  if (await waitUntilGone(pid, launch.clusterDir, fastShutdownMs)) return
  launch.log.warn({ postgres: pid }, 'Postgres did not stop in time; the next start will recover')
  await signalShutdown(pid, launch, 'immediate')
  await waitUntilGone(pid, launch.clusterDir, immediateShutdownMs)
}

/** How Postgres is called. */
export function argumentsOf({ clusterDir, endpoint }: Launch): string[] {
  const all = { ...settings, shared_buffers: `${sharedBuffersMb(memoryBytes())}MB`, ...endpointFlags(endpoint) }
  return ['-D', clusterDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

async function spawnPostmaster(launch: Launch): Promise<ChildProcess> {
  const output = await open(launch.logFile, 'a', 0o600)
  try {
    const child = spawn(program(launch.binaries, 'postgres'), argumentsOf(launch), {
      ...spawnOptions(launch.user, path.dirname(launch.clusterDir)),
      stdio: ['ignore', output.fd, output.fd],
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return child
  } catch (error) {
    throw new StartError(
      `Postgres could not be started${launch.user ? ` as ${launch.user.name}` : ''}: ${reasonOf(error)}`,
    )
  } finally {
    await output.close()
  }
}

async function signalShutdown(
  pid: number,
  { binaries, clusterDir }: Pick<Launch, 'clusterDir' | 'binaries'>,
  mode: 'fast' | 'immediate',
): Promise<void> {
  // Windows has no such signals; there pg_ctl speaks to Postgres by a pipe.
  if (process.platform === 'win32') {
    await promisify(execFile)(program(binaries, 'pg_ctl'), ['stop', '-W', '-D', clusterDir, '-m', mode])
    return
  }
  requestShutdown(pid, mode)
}

/** Sends a postmaster that surely is one the signal to shut down; one that just ended is fine. */
export function requestShutdown(pid: number, mode: 'fast' | 'immediate'): void {
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

/** Sets a log that has grown large aside, keeping one old one. @returns the current log's length in bytes */
async function rotateLog(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (status) => status.size,
    () => 0,
  )
  if (size <= largestLogBytes) return size
  await rename(logFile, `${logFile}.1`)
  return 0
}

/** The last fatal line that Postgres wrote after `offset`, without its prefix. */
async function lastComplaint(logFile: string, offset: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(offset).toString('utf8')
  const fatal = text.split('\n').filter((line) => /(FATAL|PANIC): /.test(line))
  return (
    fatal.at(-1)?.replace(/^.*(FATAL|PANIC): +/, '') ?? (text.trim().split('\n').at(-1) || 'it ended without a word')
  )
}
