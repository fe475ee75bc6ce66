import { createTestDatabase, type TestDatabase } from '@confab/testkit/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../db/open.ts'
import { createEpochReader } from './epoch.ts'

let database: TestDatabase
/** A database in which the question for the cluster finds a function of our own first. */
let asked: Database

beforeAll(async () => {
  database = await createTestDatabase()
  const name = new URL(database.url).pathname.slice(1)
  await database.pool.query('CREATE SCHEMA ours')
  await database.pool.query(`ALTER DATABASE ${name} SET search_path = ours, public, pg_catalog`)
  asked = openDatabase(database.url, { poolSize: 1 })
})

afterAll(async () => {
  await asked.close()
  await database.drop()
})

async function failWith(sqlstate: string): Promise<void> {
  await database.pool.query(`
    CREATE OR REPLACE FUNCTION ours.pg_control_system() RETURNS TABLE (system_identifier bigint) LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no answer' USING ERRCODE = '${sqlstate}'; END $$`)
}

test('a database that goes away in the middle of the question has no other epoch', async () => {
  const before = await createEpochReader(asked.kysely)()
  const readEpoch = createEpochReader(asked.kysely)

  await failWith('57P01')
  await expect(readEpoch()).rejects.toThrow('no answer')
  await database.pool.query('DROP FUNCTION ours.pg_control_system')

  expect(await readEpoch()).toBe(before)
})

test('where one may not ask for the cluster, the mark of the database alone makes the epoch', async () => {
  await failWith('42501')
  const first = await createEpochReader(asked.kysely)()
  const second = await createEpochReader(asked.kysely)()
  await database.pool.query(`UPDATE instance SET value = 'restored' WHERE key = 'epoch'`)

  expect(second).toBe(first)
  expect(await createEpochReader(asked.kysely)()).not.toBe(first)
})
