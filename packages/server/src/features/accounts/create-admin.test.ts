import { createTestDatabase } from '@confab/testkit/database'
import { afterAll, expect, test } from 'vitest'
import { InvalidFields } from '../../chat-error.ts'
import { createAdmin } from './service.ts'

const database = await createTestDatabase()
afterAll(() => database.drop())

const root = { username: 'root', email: 'root@example.com', password: 'twelve wild geese' }

test('an administrator is made on a database without a server', async () => {
  const id = await createAdmin({ database }, root)

  const { rows } = await database.pool.query('SELECT username, email, is_staff FROM users WHERE id = $1', [id])
  expect(rows).toEqual([{ username: 'root', email: 'root@example.com', is_staff: true }])
})

test.each([
  [
    { username: 'ROOT', email: 'Root@example.com' },
    { username: ['A user with that username already exists.'], email: ['Email is already in use.'] },
  ],
  [{ username: 'a b' }, { username: [expect.stringContaining('Enter a valid username.')] }],
  [
    { username: 'boss', email: 'b@example.com', password: 'short' },
    { password: [expect.stringContaining('too short')] },
  ],
])('what registering refuses, %o, is refused here too', async (change, fields) => {
  await createAdmin({ database }, root).catch(() => {})

  const failure = await createAdmin({ database }, { ...root, ...change }).catch((error: unknown) => error)

  expect(failure).toBeInstanceOf(InvalidFields)
  expect(failure).toMatchObject({ fields })
})
