/** Deleting an account while people are being told of things. */
import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { expectStatus, PASSWORD, type Person, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inTransaction } from '../../ctx.ts'
import { lockUserTopic } from '../../realtime/log.ts'
import { notify } from '../notifications/service.ts'

const server = await startTestServer()
const { pool, kysely } = server.database

const leave = (person: Person) => person.delete('/api/profile/', { current_password: PASSWORD })

test('takes the topics of all whom it concerns in one order, as whoever tells them of something does', async () => {
  const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
  await server.befriend(bob, eve)
  expectStatus(await ada.post('/api/friend-requests/', { to_user: bob.id }), 201)
  const deadlocks = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'
  const before = (await pool.query(deadlocks)).rows
  let leaving: ReturnType<typeof leave> | undefined

  await inTransaction(server.core, async (tx) => {
    await lockUserTopic(tx, ada.id)
    leaving = leave(bob)
    await untilLockAwaited(pool)
    for (const { id } of [bob, eve]) await lockUserTopic(tx, id)
  })

  expect((await leaving)?.status).toBe(204)
  expect((await pool.query(deadlocks)).rows).toEqual(before)
})

test.each(['by the system', 'of a message'])(
  'who is told of something %s meanwhile has nothing of it',
  async (what) => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    await server.core.services.notifications.settled(10_000)
    const telling = () =>
      what === 'of a message'
        ? ada.post(`/api/chatrooms/${roomId}/messages/`, { content: 'for bob' })
        : inTransaction(server.core, (tx) => notify(tx, { type: 'system', userIds: [bob.id], content: 'for bob' }))
    // The deletion has done all that it does, and waits for its end.
    const holder = await pool.connect()
    await holder.query('BEGIN')
    await holder.query('LOCK TABLE user_events IN SHARE MODE')
    const leaving = leave(bob)
    await untilLockAwaited(pool)

    const told = telling()
    await untilLockAwaited(pool, 2)
    await holder.query('COMMIT')
    holder.release()
    expect((await leaving).status).toBe(204)
    await told
    await server.core.services.notifications.settled(10_000)

    for (const table of ['notifications', 'user_events']) {
      const { rows } = await sql`SELECT FROM ${sql.table(table)} WHERE user_id = ${bob.id}`.execute(kysely)
      expect([table, rows.length]).toEqual([table, 0])
    }
  },
)
