import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { RoomCleaner } from './jobs.ts'
import { toldIn } from './testing.ts'

const server = await startTestServer()
const query = (text: string, values: unknown[]) => server.database.pool.query(text, values)

/** A deleted group in which much was said; the server did not come to purging it. */
async function makeBuried(messages: number): Promise<number> {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])
  await query(
    `INSERT INTO messages (room_id, no, sender_id, content, created_at)
     SELECT $1, n, $2, 'text', now() FROM generate_series(1, $3::bigint) n`,
    [id, alice.id, messages],
  )
  await query('INSERT INTO read_receipts (room_id, user_id, up_to_no) VALUES ($1, $2, 1), ($1, $2, 2)', [id, bob.id])
  await query(
    `INSERT INTO media (key, kind, owner_id, room_id, content_type, width, height, bytes, attached_at)
     VALUES (lpad($1::text, 40, '0'), 'message', $2, $3, 'image/png', 1, 1, 1, now())`,
    [id, alice.id, id],
  )
  await query('UPDATE rooms SET deleted_at = now() WHERE id = $1', [id])
  return id
}

async function remains(id: number) {
  const { rows } = await query(
    `SELECT (SELECT count(*) FROM messages WHERE room_id = $1) AS messages,
      (SELECT count(*) FROM read_receipts WHERE room_id = $1) AS receipts,
      (SELECT count(*) FROM media WHERE room_id = $1 AND detached_at IS NULL) AS images,
      (SELECT purged_at IS NOT NULL FROM rooms WHERE id = $1) AS purged`,
    [id],
  )
  return rows[0]
}

test('what was said in deleted groups goes, batch by batch, once, and other rooms are left alone', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const alive = await server.group(alice, [bob])
  await alice.post(`/api/chatrooms/${alive.id}/messages/`, { content: 'still here' })
  const buried = [await makeBuried(25), await makeBuried(10), await makeBuried(0)]

  const cleaners = [1, 2, 3].map(() => new RoomCleaner(server.core, { batch: 10 }))
  const cleaned = await Promise.all(cleaners.map((cleaner) => cleaner.clean()))

  expect(cleaned.reduce((sum, count) => sum + count, 0)).toBe(3)
  for (const id of buried) expect(await remains(id)).toEqual({ messages: 0, receipts: 0, images: 0, purged: true })
  expect(await remains(alive.id)).toMatchObject({ messages: 1, purged: false })
})

test('deleting a group sets the purge going', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])
  await alice.post(`/api/chatrooms/${id}/messages/`, { content: 'soon gone' })

  await alice.delete(`/api/chatrooms/${id}/`)

  await expect.poll(() => remains(id), { timeout: 10_000 }).toMatchObject({ messages: 0, purged: true })
  expect((await toldIn(server, id)).at(-1)?.type).toBe('room.deleted')
})
