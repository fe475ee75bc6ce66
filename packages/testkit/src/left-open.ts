import { onTestFinished, TestRunner } from 'vitest'

/** What files of tests have opened and not closed, the newest last. */
const opened: (() => Promise<void>)[] = []

/**
 * Has something closed after the test in which it was opened, or, where that was at the top of a file or before all of its
 * tests, after the file: what many tests of a file open would be more connections than a database takes.
 */
export function closeWhenDone(close: () => Promise<void>): void {
  if (TestRunner.getCurrentTest()) onTestFinished(close)
  else opened.push(close)
}

/** Closes what the file has left open, the newest first: the next file of tests runs in the same process. */
export async function closeLeftOpen(): Promise<void> {
  for (let close = opened.pop(); close; close = opened.pop()) await close()
}
