import { createHash } from 'node:crypto'
import { type PostgresCursor, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult, sql } from 'kysely'
import type pg from 'pg'

const MARK = '/* prepared */'

/**
 * Marks a statement to be prepared: a connection plans it once and not each time it is run. For what is asked often and
 * is planned for longer than it runs, and whose text has few variants; not for what a plan without its values would
 * spoil, nor for `SELECT *`, whose plan a migration makes unusable. See https://www.postgresql.org/docs/current/sql-prepare.html
 */
export const prepared = sql.raw(MARK)

/** Every connection holds the plans of its prepared statements; statements beyond these are planned each time. */
const MAX_STATEMENTS = 200

/** A pool whose connections prepare the statements that are marked. */
export function preparingPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>()
  const nameOf = (text: string) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= MAX_STATEMENTS) return known
    const name = createHash('sha1').update(text).digest('hex')
    names.set(text, name)
    return name
  }
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const known = wrapped.get(client)
      if (known) return known
      const preparing = wrap(client, nameOf)
      wrapped.set(client, preparing)
      return preparing
    },
    end: () => pool.end(),
  }
}

function wrap(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  const plain: PostgresPoolClient = client
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  function query<R>(what: string | PostgresCursor<R>, values: readonly unknown[] = []) {
    if (typeof what !== 'string') return plain.query(what)
    const name = what.includes(MARK) ? nameOf(what) : undefined
    if (name === undefined) return plain.query<R>(what, values)
    return client.query({ name, text: what, values: [...values] }).then(toResult<R>)
  }
  return { query, release: () => client.release() }
}

const commands = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const

function toResult<R>({ command, rowCount, rows }: pg.QueryResult): PostgresQueryResult<R> {
  return { command: commands.find((one) => one === command) ?? 'SELECT', rowCount: rowCount ?? 0, rows }
}
