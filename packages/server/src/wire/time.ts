import { invalidField } from '../chat-error.ts'

/** ISO 8601 with a time; without an offset it is UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/** The years that both Postgres and ISO 8601 can write in four digits. */
const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * The instant that a field of a request names, in milliseconds since 1970; one before the year 1 or after 9999 is taken
 * for the beginning or the end of that time.
 *
 * @throws InvalidFields where it names none
 */
export function readTime(field: string, text: string): number {
  const match = ISO_TIME.exec(text)
  const time = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN
  if (!Number.isNaN(time)) return Math.min(Math.max(time, FIRST), LAST)
  throw invalidField(
    field,
    'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
  )
}
