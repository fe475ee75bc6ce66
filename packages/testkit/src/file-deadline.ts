import { expect } from 'vitest'

/** Above all that the tests of one file may take together by their own limits. */
const FILE_MS = 25 * 60_000

// As they are before a test sets the clock.
const { setTimeout, clearTimeout } = globalThis

/** Of the file before, where nothing ran after its tests: all of them were skipped, or it could not be read. */
let timer: NodeJS.Timeout | undefined

/**
 * Limits how long a file of tests may take as a whole: what it awaits at its top, or while tests are described, no limit of
 * tests and hooks ends, and the run would wait for it in silence for ever. To be called before the file is read.
 *
 * At the end of that time the process ends with a line that names the file, and the run fails.
 *
 * @returns to be called when the file is through
 */
export function startDeadline(): () => void {
  clearTimeout(timer)
  const own = setTimeout(() => {
    const waitsFor = process.getActiveResourcesInfo().join(', ')
    process.stderr.write(`${expect.getState().testPath}: not through after ${FILE_MS / 60_000} minutes (${waitsFor})\n`)
    // Vitest makes an exception of an exit.
    process.kill(process.pid, 'SIGKILL')
  }, FILE_MS)
  own.unref()
  timer = own
  return () => clearTimeout(own)
}
