import { pino } from 'pino'

/** The file descriptor of standard output. */
const STDOUT = 1

/** Bytes that are kept while nobody takes them; what comes then is dropped. */
const MAX_KEPT_BYTES = 1024 * 1024

/** How long it waits until it offers again what was not taken. */
const RETRY_MS = 100

/** How long a process that ends waits for whoever does not take its last words. */
const LAST_WORDS_MS = 500
const LAST_RETRY_MS = 5

/** Takes text, a line or more. */
export type Output = Readonly<{ write(text: string): void }>

let output: Output | undefined

/**
 * Standard output for a process that has more important things to do than to be heard. Each text is written at once. Whoever
 * reads it may have gone, or stand still, and its disk may be full: the process goes on. What nobody takes is kept, up to a
 * megabyte, and offered again from time to time, with whatever is written later, and for half a second as the process ends.
 * A terminal that stands still (Ctrl-S) is waited for.
 */
export function openStdout(): Output {
  output ??= open()
  return output
}

function open(): Output {
  let isFull = false
  let isWaiting = false
  const offer = () => {
    isFull = false
    stdout.write('')
  }
  const onFull = () => {
    isFull = true
    if (!isWaiting) setTimeout(offerAgain, RETRY_MS).unref()
    isWaiting = true
    return false
  }
  const offerAgain = () => {
    isWaiting = false
    offer()
  }
  const stdout = pino.destination({ dest: STDOUT, sync: true, maxLength: MAX_KEPT_BYTES, retryEAGAIN: onFull })
  stdout.on('error', () => {})
  // Where it is full it writes nothing any more by itself.
  stdout.on('drop', offer)
  process.once('exit', () => {
    const until = performance.now() + LAST_WORDS_MS
    for (offer(); isFull && performance.now() < until; offer()) sleep(LAST_RETRY_MS)
  })
  // No more than that is shown of it: to flush, it tries for ever what cannot be written, with everything else standing still.
  return { write: (text) => void stdout.write(text) }
}

/** For a process that ends, in which nothing waits any more. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
