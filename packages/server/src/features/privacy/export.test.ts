import { expectStatus, startTestServer } from '@confab/testkit/server'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'

const server = await startTestServer()
const room = (id: number, rest = '') => `/api/chatrooms/${id}/${rest}`

test('an export is a file with everything of one’s own, and of others what one sees anyway', async () => {
  const [ada, bob, cyd, dan] = await server.people('ada', 'bob', 'cyd', 'dan')
  const { roomId: direct } = await server.befriend(ada, bob)
  const { id: group } = await server.group(bob, [ada, cyd], 'Ours')
  const { id: foreign } = await server.group(bob, [cyd], 'Not hers')
  await cyd.post('/api/friend-requests/', { to_user: ada.id })
  await ada.post(`/api/users/${dan.id}/block/`)
  await ada.patch('/api/profile/', { bio: 'mathematician' })
  await ada.put(room(group, 'mute/'), { until: '2999-01-01T00:00:00Z' })
  await ada.delete(room(direct))
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const text = (await ada.post(room(group, 'messages/'), { content: 'mine' })).body
  const image = (await ada.post(room(group, 'messages/'), undefined, { form: { image: { bytes } } })).body
  const gone = (await ada.post(room(group, 'messages/'), { content: 'taken back' })).body
  await ada.delete(room(group, `messages/${gone.id}/`))
  await bob.post(room(group, 'messages/'), { content: 'not mine' })
  await bob.post(room(foreign, 'messages/'), { content: 'none of hers' })

  const reply = await ada.get('/api/profile/export/')

  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="confab-export-${ada.id}.json"`)
  expect(reply.headers.get('cache-control')).toBe('no-store')
  const { body } = reply
  expect(body.profile).toMatchObject({ username: ada.username, email: ada.email, bio: 'mathematician' })
  expect(body.sessions).toMatchObject([{ is_current: true }])
  expect(body.friends).toMatchObject([{ username: bob.username, email: null }])
  expect(body.friend_requests).toHaveLength(2)
  expect(body.blocks).toMatchObject([{ username: dan.username }])
  expect(body.rooms).toMatchObject([
    { id: direct, is_group: false, chat_name: bob.username, muted_until: null },
    { id: group, chat_name: 'Ours', is_admin: false, muted_until: '2999-01-01T00:00:00.000Z' },
  ])
  expect(body.messages).toMatchObject([
    { id: text.id, room: group, content: 'mine', image: null, image_width: null, image_height: null },
    { id: image.id, content: '', image_width: 8, image_height: 8 },
  ])
  expect((await fetch(body.messages[1].image)).status).toBe(200)
  expect(body.notifications).toContainEqual(expect.objectContaining({ notification_type: 'room_invite' }))
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`not mine|none of hers|taken back|Not hers|${bob.email}|argon2`))
})

test('it goes on over many pages of every list, each thing once and in order', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id } = await server.group(ada, [bob])
  await server.database.pool.query(
    `INSERT INTO messages (room_id, no, sender_id, content, created_at)
     SELECT $1, n, CASE WHEN n % 3 = 0 THEN $3::bigint ELSE $2::bigint END, 'message ' || n, now() + n * interval '1 ms'
     FROM generate_series(1, 3600) n`,
    [id, ada.id, bob.id],
  )
  await server.database.pool.query(
    `INSERT INTO notifications (user_id, type, content) SELECT $1, 'system', 'note ' || n FROM generate_series(1, 1203) n`,
    [ada.id],
  )
  const { body } = expectStatus(await ada.get('/api/profile/export/'), 200)
  const expected = Array.from({ length: 3600 }, (_, index) => index + 1).filter((no) => no % 3 !== 0)
  expect(body.messages.map(({ content }: { content: string }) => content)).toEqual(
    expected.map((no) => `message ${no}`),
  )
  expect(body.notifications.map(({ message }: { message: string }) => message)).toEqual(
    Array.from({ length: 1203 }, (_, index) => `note ${index + 1}`),
  )
})

test('somebody may ask for it a few times an hour', async () => {
  const limited = await startTestServer({ RATE_LIMIT_FACTOR: '1', RATE_EXPORT: '2/3600' })
  const ada = await limited.person('ada')
  const statuses = []
  for (let count = 0; count < 3; count++) statuses.push((await ada.get('/api/profile/export/')).status)
  expect(statuses).toEqual([200, 200, 429])
})

test('a client that goes away in the middle takes no more pages', async () => {
  const [ada] = await server.people('ada')
  await server.database.pool.query(
    `INSERT INTO notifications (user_id, type, content) SELECT $1, 'system', repeat('x', 2000) FROM generate_series(1, 20000) n`,
    [ada.id],
  )
  const { pool } = server.core.database
  let queries = 0
  const count = () => queries++
  pool.on('acquire', count)
  onTestFinished(() => void pool.off('acquire', count))
  const abort = new AbortController()
  const response = await fetch(`${server.url}/api/profile/export/`, {
    headers: { authorization: `Bearer ${ada.token}` },
    signal: abort.signal,
  })
  const reader = response.body?.getReader()
  await reader?.read()
  abort.abort()
  await expect(reader?.read()).rejects.toThrow()
  let asked = Number.NaN
  const more = () => {
    const before = asked
    asked = queries
    return asked - before
  }
  await expect.poll(more).toBe(0)
  // All of it would be forty pages.
  expect(queries).toBeLessThan(30)
  await expect.poll(() => pool.idleCount === pool.totalCount).toBe(true)
  expect((await ada.get('/api/profile/')).status).toBe(200)
})
