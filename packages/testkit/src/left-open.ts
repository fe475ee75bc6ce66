/** What tests have opened and not closed, the newest last. */
const opened: (() => Promise<void>)[] = []

/** Has something closed after the tests of the file, wherever it was opened: at its top, in a hook or in a test. */
export function closeAfterFile(close: () => Promise<void>): void {
  opened.push(close)
}

/** Closes what the file has left open, the newest first: the next file of tests runs in the same process. */
export async function closeLeftOpen(): Promise<void> {
  for (let close = opened.pop(); close; close = opened.pop()) await close()
}
