import { expectStatus, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { nextOf, storeUsers } from './testing.ts'

const server = await startTestServer()

/** More people than are looked at one by one, before everybody else in the order of usernames. */
const crowd = sql`
  INSERT INTO users (username, password_hash) SELECT 'aa' || lpad(n::text, 6, '0'), '' FROM generate_series(1, 5100) AS n`

test('in a large list two letters are found where a name begins, and anywhere among those who come next', async () => {
  const ada = await server.person('zz')
  await crowd.execute(server.database.kysely)
  const [near, begins, last, far] = await storeUsers(server, [
    { username: 'aa000007_xq_near' },
    { username: 'xqueen' },
    { username: 'zoe', first_name: 'Ann', last_name: 'Xqo' },
    { username: 'yes_xq_far' },
    { username: 'zelda', first_name: 'Maxine' },
  ])
  const find = async (query: string) => {
    const { body } = expectStatus(await ada.get(`/api/users/?search=${query}`), 200)
    return body.map((user: { id: number }) => user.id)
  }

  expect(await find('xq')).toEqual([near, begins, last])
  expect(await find('XQ+an')).toEqual([last])
  expect(await find('xq&ordering=-username')).toEqual([last, far, begins])
  const first = expectStatus(await ada.get('/api/users/?search=xq&limit=2'), 200)
  expect(first.body.map((user: { id: number }) => user.id)).toEqual([near, begins])
  const second = await ada.get(String(nextOf(first)).replace(server.url, ''))
  expect(second.body.map((user: { id: number }) => user.id)).toContain(last)
})

test('in a large list longer words are found anywhere in everybody’s names', async () => {
  const ada = await server.person('zz')
  const [there] = await storeUsers(server, [{ username: 'ynmaxquote' }])

  const { body } = await ada.get('/api/users/?search=axquo')

  expect(body).toMatchObject([{ id: there }])
})
