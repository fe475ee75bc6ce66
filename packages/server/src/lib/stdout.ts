import { pino } from 'pino'

/** The file descriptor of standard output. */
const STDOUT = 1

/** Bytes that are kept while nobody takes them; what comes then is dropped. */
const MAX_KEPT_BYTES = 1024 * 1024

/** Takes text, a line or more. */
export type Output = Readonly<{ write(text: string): void }>

let output: Output | undefined

/**
 * Standard output for a process that has more important things to do than to be heard. Each text is written at once. Whoever
 * reads it may have gone, or stand still, and its disk may be full: the process goes on. What nobody takes goes out with what
 * is written later, once there is room, or as the process ends. A terminal that stands still (Ctrl-S) is waited for.
 */
export function openStdout(): Output {
  output ??= open()
  return output
}

function open(): Output {
  const stdout = pino.destination({ dest: STDOUT, sync: true, maxLength: MAX_KEPT_BYTES, retryEAGAIN: () => false })
  const tryAgain = () => void stdout.write('')
  stdout.on('error', () => {})
  // Where it is full it writes nothing any more by itself.
  stdout.on('drop', tryAgain)
  process.once('exit', tryAgain)
  // No more than that is shown of it: to flush, it tries for ever what cannot be written, with everything else standing still.
  return { write: (text) => void stdout.write(text) }
}
