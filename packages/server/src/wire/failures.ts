import { ChatError } from '../chat-error.ts'
import { postgresCode } from '../ctx.ts'

/** The failure of the contract that an error of any origin stands for; `internal` for what nobody foresaw. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  if (isDatabaseAway(error)) return new ChatError('unavailable', {}, { cause: error, retryAfter: 2 })
  return new ChatError('internal', {}, { cause: error })
}

/**
 * Whether the database cannot serve right now, so that trying again later is right: no connection, shutting down, out of
 * connections (classes 08, 53 and 57P of SQLSTATE), or a statement that ran too long.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = postgresCode(error)
  if (/^(08|53|57P)/.test(code) || code === '57014') return true
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code)) {
    return error instanceof Error && 'syscall' in error
  }
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  return error instanceof Error && AWAY_MESSAGES.some((message) => error.message.includes(message))
}

/** What `pg` and Kysely say in plain errors without a code. */
const AWAY_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  // Postgres, of a database that its administrator has closed for a while.
  'is not currently accepting connections',
  // This server is stopping, and its time for what was under way is over.
  'Cannot use a pool after calling end on the pool',
  'driver has already been destroyed',
]
