import { type DestinationStream, type Logger, pino } from 'pino'
import { serializeError } from './error-serializer.ts'

/** The file descriptor of standard output. */
const STDOUT = 1

/**
 * The log of a process, one line of JSON for each entry. Errors, logged as `err` or alone, are cut down to what may be in a
 * log; so every log is made here. Each line is written at once: what is kept for later pino tries to write for ever, with
 * everything else standing still, where nobody reads it any more and the process logs `fatal` or ends.
 *
 * @param level entries below it are left out; `silent` leaves out all
 * @param destination where the lines go; standard output where none is given
 */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, serializers: { err: serializeError } },
    destination ?? pino.destination({ dest: STDOUT, sync: true }),
  )
}
