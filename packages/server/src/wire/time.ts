import { invalidField } from '../chat-error.ts'

/** ISO 8601 with a time; without an offset it is UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * The instant that a field of a request names, in milliseconds since 1970.
 *
 * @throws InvalidFields where it names none
 */
export function readTime(field: string, text: string): number {
  const match = ISO_TIME.exec(text)
  const time = match ? Date.parse(match[3] ? text : `${text}Z`) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw invalidField(
    field,
    'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].',
  )
}
