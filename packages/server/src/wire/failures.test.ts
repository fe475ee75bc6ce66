import { createTestDatabase } from '@confab/testkit/database'
import { takeDatabaseAway } from '@confab/testkit/database-away'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../db/open.ts'
import { toChatError } from './failures.ts'

test('whoever asks a server whose connections are closed already is told to come back, and not that it is broken', async () => {
  const database = await createTestDatabase()
  const closed = openDatabase(database.url, { poolSize: 1 })
  await closed.pool.query('SELECT 1')
  await closed.kysely.selectFrom('users').select('id').execute()
  await closed.close()

  const byPool = await closed.pool.query('SELECT 1').catch(toChatError)
  const byKysely = await closed.kysely.selectFrom('users').select('id').execute().catch(toChatError)
  await database.drop()

  expect(byPool).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) })
  expect(byKysely).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) })
})

test('a database that lets nobody in for a while is no failure that nobody foresaw', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  await takeDatabaseAway({ database })

  const failure = await database.pool.query('SELECT 1').catch(toChatError)

  expect(failure).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) })
})
