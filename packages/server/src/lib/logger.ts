import { type DestinationStream, type Logger, pino } from 'pino'
import { serializeError } from './error-serializer.ts'

/** The file descriptor of standard output. */
const STDOUT = 1

/** Bytes of lines that are kept while nobody takes them; what comes then is dropped. */
const MAX_KEPT_BYTES = 1024 * 1024

/**
 * The log of a process, one line of JSON for each entry. Errors, logged as `err` or alone, are cut down to what may be in a
 * log; so every log is made here.
 *
 * @param level entries below it are left out; `silent` leaves out all
 * @param destination where the lines go; standard output where none is given
 */
export function makeLogger(level: string, destination: DestinationStream = openStdout()): Logger {
  return pino({ level, serializers: { err: serializeError } }, destination)
}

/**
 * Standard output, to which each line is written at once. Whoever reads it may have gone, or stand still, and its disk may be
 * full: the process goes on, without those lines. Lines that nobody takes go out with the next one, where there is room.
 */
function openStdout(): DestinationStream {
  const stdout = pino.destination({ dest: STDOUT, sync: true, maxLength: MAX_KEPT_BYTES, retryEAGAIN: () => false })
  stdout.on('error', () => {})
  // There is nothing to be written later; pino's own tries for ever what cannot be written, with everything else waiting.
  return { write: (line) => void stdout.write(line) }
}
