import { startTestServer } from '@confab/testkit/server'
import type { PoolClient } from 'pg'
import { expect, test } from 'vitest'
import { toldTo } from './testing.ts'

const server = await startTestServer({ MAX_GROUP_MEMBERS: '500' })

test('a group of hundreds is made with the same number of statements, and events carry some of its participants', async () => {
  const alice = await server.person('alice')
  const { rows } = await server.database.pool.query(
    `INSERT INTO users (username, password_hash) SELECT 'many_' || n, '' FROM generate_series(1, 499) n RETURNING id`,
  )
  const ids: number[] = rows.map((row) => row.id)
  const body = (count: number) => ({ room_name: 'Many', participant_ids: ids.slice(0, count) })
  const count = countStatements()

  await alice.post('/api/chatrooms/', body(3))
  const few = count.take()
  await alice.post('/api/chatrooms/', body(499))
  const many = count.take()

  expect(few).toBeGreaterThan(5)
  // What the server does in the background may fall into either, and on a busy machine a call takes a while.
  expect(Math.abs(many - few)).toBeLessThan(100)
  const [, event] = await toldTo(server, alice)
  expect(event).toMatchObject({ type: 'room.created', data: { room: { member_count: 500, is_admin: true } } })
  const room = event?.data.room as { participants: { id: number }[]; id: number }
  expect(room.participants).toHaveLength(50)
  expect(room.participants.some((one) => one.id === alice.id)).toBe(true)
  expect((await alice.get(`/api/chatrooms/${room.id}/`)).body.participants).toHaveLength(500)
})

/** Counts what the server asks of its database from now on. */
function countStatements(): { take(): number } {
  const watched = new WeakSet<PoolClient>()
  let count = 0
  server.core.database.pool.on('acquire', (client) => {
    if (watched.has(client)) return
    watched.add(client)
    const original = client.query
    client.query = new Proxy(original, {
      apply: (target, self, given) => {
        count += 1
        return Reflect.apply(target, self, given)
      },
    })
  })
  return {
    take: () => {
      const taken = count
      count = 0
      return taken
    },
  }
}
