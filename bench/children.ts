/**
 * The processes that a run starts. Each is ended by its id when the run is over, however it ends; Ctrl-C included, which
 * they do not get themselves: they have process groups of their own, so that a server is told to stop once and not twice.
 */
import { type ChildProcess, type ForkOptions, fork, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const running = new Set<ChildProcess>()
const cleanups: (() => Promise<void>)[] = []
/** While all are being ended, what is started yet is ended at once. */
let isEnding = false

/** How long a process may take to end by itself before it is killed. */
const GRACE_MS = 20_000

/** Starts a program. */
export function startProgram(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return remember(spawn(command, args, { ...options, detached: true }))
}

/** Starts a script of this folder, with a channel for messages. */
export function startScript(file: string, args: readonly string[] = []): ChildProcess {
  const options: ForkOptions = { execPath: process.execPath, execArgv: [], detached: true, serialization: 'advanced' }
  return remember(fork(fileURLToPath(new URL(file, import.meta.url)), args, options))
}

function remember(child: ChildProcess): ChildProcess {
  // Whoever has not heard of the end yet must not leave something behind.
  if (isEnding) child.kill('SIGKILL')
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Asks a process to end, waits for it, and kills it if it does not. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await exited
  clearTimeout(timer)
}

/** Does something once all processes have ended. */
export function atTheEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup)
}

/** Ends whatever still runs. */
export async function endAll(): Promise<void> {
  isEnding = true
  await Promise.all([...running].map(end))
  for (const cleanup of cleanups.splice(0)) await cleanup()
  isEnding = false
}

/** Hears a process until the listener gives a result. @throws Error where the process ends before that, or the listener's */
export async function listen<T>(child: ChildProcess, onMessage: (message: unknown) => T | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const hear = (message: unknown) => {
    try {
      const result = onMessage(message)
      if (result !== undefined) resolve(result)
    } catch (error) {
      reject(error)
    }
  }
  const onExit = () => reject(new Error(`${child.spawnargs.slice(1).join(' ')} ended before it had answered`))
  child.on('message', hear).once('exit', onExit)
  try {
    return await promise
  } finally {
    child.off('message', hear).off('exit', onExit)
  }
}
