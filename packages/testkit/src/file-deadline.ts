import { expect } from 'vitest'

/** Several times what the longest file takes on a busy machine. */
const FILE_MS = 10 * 60_000

// As they are before a test sets the clock.
const { setTimeout, clearTimeout } = globalThis

/**
 * Limits how long a file of tests may take as a whole: what it awaits at its top, or while tests are described, no limit of
 * tests and hooks ends, and the run would wait for it in silence for ever. To be called before the file is read.
 *
 * At the end of that time the process ends with a line that names the file, and the run fails.
 *
 * @returns to be called when the file is through
 */
export function startDeadline(): () => void {
  const timer = setTimeout(() => {
    const waitsFor = process.getActiveResourcesInfo().join(', ')
    process.stderr.write(`${expect.getState().testPath}: not through after ${FILE_MS / 60_000} minutes (${waitsFor})\n`)
    // Vitest makes an exception of an exit.
    process.kill(process.pid, 'SIGKILL')
  }, FILE_MS)
  timer.unref()
  return () => clearTimeout(timer)
}
