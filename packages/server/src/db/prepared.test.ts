import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { prepared } from './prepared.ts'

const server = await startTestServer()
const db = server.database.kysely

const namesOf = (mark: string) => sql<{ name: string }>`
  SELECT name FROM pg_prepared_statements WHERE statement LIKE ${`%${mark}%`} AND statement NOT LIKE '%pg_prepared%'`

test('a statement that is marked is prepared once a connection, and answers for each of its values', async () => {
  await db.connection().execute(async (one) => {
    for (const value of [1, 2, 3]) {
      const { rows } = await sql<{ twice: number }>`${prepared} SELECT ${value}::integer * 2 AS twice`.execute(one)
      expect(rows).toEqual([{ twice: value * 2 }])
    }
    expect((await namesOf('AS twice').execute(one)).rows).toHaveLength(1)
  })
})

test('a statement that is not marked is not prepared', async () => {
  await db.connection().execute(async (one) => {
    await sql`SELECT ${1}::integer AS thrice`.execute(one)
    expect((await namesOf('AS thrice').execute(one)).rows).toEqual([])
  })
})

test('a marked statement goes on in a transaction, and after one that failed', async () => {
  const quotient = (by: number) => sql<{ q: number }>`${prepared} SELECT 6 / ${by}::integer AS q`
  await expect(db.transaction().execute((tx) => quotient(0).execute(tx))).rejects.toThrow(/division by zero/)
  expect(await db.transaction().execute(async (tx) => (await quotient(3).execute(tx)).rows)).toEqual([{ q: 2 }])
})

test('a marked statement that was first planned on a small table does not read a large one from end to end', async () => {
  await db.connection().execute(async (one) => {
    await sql`CREATE TEMP TABLE small (id bigint PRIMARY KEY)`.execute(one)
    await sql`INSERT INTO small SELECT generate_series(1, 5)`.execute(one)
    await sql`ANALYZE small`.execute(one)
    // Postgres keeps a plan from the sixth time on.
    for (let id = 1; id <= 6; id++) await sql`${prepared} SELECT id AS found FROM small WHERE id = ${id}`.execute(one)
    const [statement] = (await namesOf('AS found').execute(one)).rows
    const plan = await sql<{ 'QUERY PLAN': string }>`
      EXPLAIN EXECUTE ${sql.id(statement?.name ?? '')} (1)`.execute(one)
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(lines).toContain('id = $1')
    expect(lines).toContain('Index')
  })
})
