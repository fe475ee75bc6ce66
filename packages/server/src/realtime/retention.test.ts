import { startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { EventRetention } from './retention.ts'

test('events older than the retention are deleted, their messages and younger events stay', async () => {
  const server = await startTestServer({ EVENT_RETENTION_DAYS: '7' })
  const [ada, bob] = await server.people('ada', 'bob')
  const room = await server.group(ada, [bob])
  for (const content of ['old', 'older', 'new']) await ada.post(`/api/chatrooms/${room.id}/messages/`, { content })
  const db = server.database.kysely
  const { rows } = await sql<{
    last: number
  }>`SELECT max(seq) AS last FROM room_events WHERE room_id = ${room.id}`.execute(db)
  const last = rows[0]?.last ?? 0
  await sql`UPDATE room_events SET created_at = now() - interval '8 days' WHERE room_id = ${room.id} AND seq < ${last}`.execute(
    db,
  )

  const deleted = await new EventRetention(server.core).prune(new Date())

  expect(deleted).toBe(last - 1)
  const left = await db.selectFrom('room_events').select('seq').where('room_id', '=', room.id).execute()
  expect(left).toEqual([{ seq: last }])
  expect((await bob.get(`/api/chatrooms/${room.id}/messages/`)).body.results).toHaveLength(3)
  const next = await ada.post(`/api/chatrooms/${room.id}/messages/`, { content: 'goes on' })
  expect(next.status).toBe(201)
})
