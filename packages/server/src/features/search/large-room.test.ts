import { expectStatus, PASSWORD, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

const server = await startTestServer()

test('in a large room words are found however far back, and words of two letters in the next 10,000 messages', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob])
  const path = `/api/chatrooms/${room}/messages/`
  const { body: old } = expectStatus(await bob.post(path, { content: 'the needle, zq' }), 201)
  await server.core.services.search.settled(10_000)
  await sql`
    INSERT INTO message_search (room_id, message_id, text, sender, grams)
    SELECT ${room}, ${old.id} + n, 'much else', 'somebody', '{}' FROM generate_series(1, 10100) AS n
  `.execute(server.database.kysely)
  const find = async (search: string) => {
    const { body } = expectStatus(await ada.get(`${path}?search=${search}`), 200)
    return body.results.map((message: { id: number }) => message.id)
  }

  expect(await find('needle')).toEqual([old.id])
  expect(await find('eedl zq')).toEqual([old.id])
  expect(await find(bob.username)).toEqual([old.id])
  expect(await find('zq&ordering=timestamp')).toEqual([old.id])
  expect(await find('zq')).toEqual([])

  expectStatus(await bob.delete('/api/profile/', { current_password: PASSWORD }), 204)
  expect(await find('needle')).toEqual([old.id])
  expect(await find(bob.username)).toEqual([])
})
