import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { preparingPool } from './prepared.ts'
import type { DB } from './schema.gen.ts'

export type { DB } from './schema.gen.ts'

/** An open transaction; whatever runs in it commits as a whole or not at all. */
export type Tx = Transaction<DB>

/** A connection to read with: the pool, or a transaction. */
export type Db = Kysely<DB>

/** Postgres as the server uses it: typed queries, and the pool itself for the one statement that is sent as it is. */
export type Database = Readonly<{ kysely: Db; pool: pg.Pool; close(): Promise<void> }>

const INT8 = 20
const NUMERIC = 1700
const TIMESTAMPTZ = 1184

/**
 * An integer of up to 64 bits as a number. Ids and counters stay far below 2^53; one that does not is a fault that must
 * not be rounded away.
 *
 * @throws RangeError where the number cannot be represented exactly
 */
export function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers that can be sent as JSON`)
  return value
}

/** A time as Postgres prints it in UTC (`2026-11-22 11:15:35.136+00`) as ISO 8601 (`2026-11-22T11:15:35.136Z`). */
export function parseTimestamptz(text: string): string {
  const plus = text.indexOf('+')
  const fraction = text.slice(20, plus).slice(0, 3).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(id, 'binary')
    if (id === INT8) return parseInt8
    if (id === NUMERIC) return Number
    if (id === TIMESTAMPTZ) return parseTimestamptz
    return pg.types.getTypeParser(id)
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** The database asks whoever says nothing whether they are there, and ends their session after 25 s without an answer. */
const KEEP_ALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

/**
 * Opens a pool on a Postgres database. Sessions speak UTC, and no statement outlives `statementTimeoutMs`, nor does a
 * transaction that says nothing: a server that vanished without a word would hold its locks for hours.
 *
 * Connections are made when first needed; a database that is away shows in the first query, not here.
 */
export function openDatabase(
  url: string,
  options: { poolSize: number; statementTimeoutMs?: number; onError?: (error: Error) => void },
): Database {
  const limitMs = options.statementTimeoutMs ?? 30_000
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: limitMs,
    idle_in_transaction_session_timeout: limitMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Compiling plans costs more than it saves on queries that take milliseconds: measured 30 ms against 6 ms without.
    // A statement that is prepared keeps the plan it got while its tables were small until they are analyzed again. To
    // read them from end to end was right then: measured, a list of chats of 2 s once there were 400,000 messages, and 8 ms
    // by their indexes, which everything that is asked often has.
    options: `-c TimeZone=UTC -c DateStyle=ISO -c jit=off -c enable_seqscan=off ${KEEP_ALIVE}`,
    application_name: 'confab',
  })
  let isClosing = false
  // A connection that breaks (the database restarts) must not end the process. If it was in use, its query fails, and so
  // does what it was part of; the next query finds another.
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      if (!isClosing) options.onError?.(error)
    })
  })
  // The pool tells of the idle ones among them again.
  pool.on('error', () => {})
  const kysely = new Kysely<DB>({ dialect: new PostgresDialect({ pool: preparingPool(pool) }) })
  const close = async () => {
    // A connection that is being closed may still hear that the database stops.
    isClosing = true
    await kysely.destroy()
    // Kysely leaves a pool alone that it was never asked to use.
    if (!pool.ending) await pool.end()
  }
  return { kysely, pool, close }
}
