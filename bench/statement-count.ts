import type pg from 'pg'

/**
 * Has the database of a server count statements from its next start on (pg_stat_statements, which comes with the
 * embedded Postgres). BEGIN and COMMIT count too.
 */
export async function prepareStatementCount(database: pg.Client): Promise<void> {
  await database.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
}

/** Begins to count, from nought. */
export async function startStatementCount(database: pg.Client): Promise<void> {
  await database.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
  await database.query('SELECT pg_stat_statements_reset()')
}

/** How many statements were carried out since then, but for those of this connection's own counting. */
export async function readStatementCount(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ calls: number }>(
    "SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'",
  )
  return rows[0]?.calls ?? 0
}

/** The statements that took most of the time since then, one a line. */
export async function readCostliest(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ calls: number; ms: number; query: string }>(
    `SELECT calls::int AS calls, total_exec_time AS ms, left(regexp_replace(query, '\\s+', ' ', 'g'), 90) AS query
      FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY total_exec_time DESC LIMIT 3`,
  )
  return rows.map(({ calls, ms, query }) => `${(ms / 1000).toFixed(1)} s in ${calls} calls: ${query}`)
}
