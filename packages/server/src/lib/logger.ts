import { type DestinationStream, type Logger, pino } from 'pino'
import { serializeError } from './error-serializer.ts'
import { openStdout } from './stdout.ts'

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
