import { randomUUID } from 'node:crypto'
import { startTestServer } from '@confab/testkit/server'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { chatsOf, sorted, toldIn, toldTo } from './testing.ts'

const server = await startTestServer({ MAX_GROUP_MEMBERS: '4' })
const picture = {
  bytes: await sharp({ create: { width: 20, height: 20, channels: 3, background: '#456' } })
    .png()
    .toBuffer(),
}

test('a group is made with its creator as admin, and its members see it', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')

  const made = await alice.post('/api/chatrooms/', { room_name: 'Tea party', participant_ids: [bob.id, carol.id] })

  expect(made).toMatchObject({ status: 201, body: { room_name: 'Tea party', group_image: null } })
  const seen = await bob.get(`/api/chatrooms/${made.body.id}/`)
  expect(seen.body).toMatchObject({
    id: made.body.id,
    is_group: true,
    chat_name: 'Tea party',
    group_image: null,
    admins: [{ id: alice.id }],
    member_count: 3,
    is_admin: false,
  })
  expect(seen.body.participants.map((one: { id: number }) => one.id)).toEqual(sorted(alice, bob, carol))
  expect(seen.body.participants).toContainEqual({
    id: alice.id,
    username: alice.username,
    full_name: null,
    is_admin: true,
    profile_pic: null,
    online_status: false,
    last_seen: null,
  })
  expect(await chatsOf(carol)).toMatchObject([{ id: made.body.id, unread_count: 0, last_message: null }])
})

test('each member is told of a new group on their own topic, and those invited are notified', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const { body } = await alice.post('/api/chatrooms/', { room_name: 'Two', participant_ids: [bob.id] })

  const view = { id: body.id, chat_name: 'Two', member_count: 2 }
  expect(await toldTo(server, alice)).toMatchObject([
    { type: 'room.created', data: { room: { ...view, is_admin: true } } },
  ])
  expect(await toldTo(server, bob)).toMatchObject([
    { type: 'room.created', data: { room: { ...view, is_admin: false } } },
  ])
  const notifications = await bob.get('/api/notifications/')
  expect(notifications.body).toMatchObject([{ notification_type: 'room_invite', room_id: body.id, chat_name: 'Two' }])
  expect((await alice.get('/api/notifications/')).body).toEqual([])
})

test.each([
  ['nothing', {}, { participant_ids: ['This field is required.'] }],
  ['nobody', { participant_ids: [] }, { non_field_errors: ['You cannot include only yourself in the chat'] }],
  ['words for ids', { participant_ids: ['a', 2] }, { participant_ids: { 0: ['A valid integer is required.'] } }],
  ['no list', { participant_ids: 3 }, { participant_ids: ['Expected a list of items but got type "int".'] }],
  ['an unknown person', { participant_ids: [88888] }, { participant_ids: { 0: ['No such user: 88888.'] } }],
  [
    'five members of four',
    { participant_ids: [2, 3, 4, 5] },
    { non_field_errors: ['A group cannot have more than 4 members.'] },
  ],
  [
    'a long name',
    { room_name: 'r'.repeat(201), participant_ids: [1] },
    { room_name: ['Ensure this field has no more than 200 characters.'] },
  ],
])('a group of %s is refused by field', async (_what, body, errors) => {
  const alice = await server.person('alice')

  const reply = await alice.post('/api/chatrooms/', { room_name: 'g', ...body })

  expect(reply).toMatchObject({ status: 400 })
  expect(reply.body).toEqual(errors)
  expect(await chatsOf(alice)).toEqual([])
})

test('one’s own id and repeated ids do not count', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const alone = await alice.post('/api/chatrooms/', { room_name: 'g', participant_ids: [alice.id, alice.id] })
  const two = await alice.post('/api/chatrooms/', { room_name: 'g', participant_ids: [bob.id, alice.id, bob.id] })

  expect(alone.body).toEqual({ non_field_errors: ['You cannot include only yourself in the chat'] })
  expect(two).toMatchObject({ status: 201, body: { is_group: true, member_count: 2 } })
})

test.each([{}, { room_name: '' }, { room_name: '  ' }, { room_name: null }])(
  'a group of three has a name: %j',
  async (body) => {
    const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')

    const reply = await alice.post('/api/chatrooms/', { ...body, participant_ids: [bob.id, carol.id] })

    expect(reply).toMatchObject({ status: 400, body: { room_name: ['Group chats must have a name.'] } })
  },
)

test('a form makes a group with a picture, and what is no picture is refused under its field', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const form = { room_name: 'Pictures', participant_ids: [bob.id, carol.id] }

  const made = await alice.post('/api/chatrooms/', undefined, { form: { ...form, group_image: picture } })
  const refused = await alice.post('/api/chatrooms/', undefined, {
    form: { ...form, group_image: { bytes: new TextEncoder().encode('no picture') } },
  })

  expect(made).toMatchObject({ status: 201, body: { room_name: 'Pictures', member_count: 3 } })
  expect(made.body.group_image).toMatch(new RegExp(`^${server.url}/media/group/`))
  expect((await fetch(made.body.group_image)).status).toBe(200)
  expect(refused).toMatchObject({
    status: 400,
    body: {
      group_image: ['Upload a valid image. The file you uploaded was either not an image or a corrupted image.'],
    },
  })
})

test('people who want it only of friends, or who blocked the caller, are not put in groups, and are named', async () => {
  const [alice, bob, carol, dave] = await server.people('alice', 'bob', 'carol', 'dave')
  await server.database.pool.query(`UPDATE users SET allow_group_adds = 'friends' WHERE id = $1`, [bob.id])
  await server.database.pool.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [carol.id, alice.id])

  const refused = await alice.post('/api/chatrooms/', { room_name: 'g', participant_ids: [bob.id, carol.id, dave.id] })
  await server.database.pool.query(
    'INSERT INTO friendships (low_id, high_id) VALUES (least($1::bigint, $2), greatest($1::bigint, $2))',
    [alice.id, bob.id],
  )
  const befriended = await alice.post('/api/chatrooms/', { room_name: 'g', participant_ids: [bob.id, dave.id] })

  expect(refused.status).toBe(400)
  const [sentence] = refused.body.participant_ids
  expect(sentence).toContain(bob.username)
  expect(sentence).toContain(carol.username)
  expect(sentence).not.toContain(dave.username)
  expect(befriended.status).toBe(201)
})

test('an admin renames a group once, and it is told once', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob], 'Tea party')

  const first = await alice.patch(`/api/chatrooms/${id}/`, { room_name: 'Engine room', is_group: false })
  const again = await alice.put(`/api/chatrooms/${id}/`, { room_name: 'Engine room' })

  expect(first).toMatchObject({ status: 200, body: { id, chat_name: 'Engine room', is_group: true } })
  expect(again.body).toEqual(first.body)
  expect(await toldIn(server, id)).toMatchObject([{ type: 'room.updated', data: { room: id, name: 'Engine room' } }])
})

test('a new picture replaces the old one, and null removes it', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  const first = await alice.patch(`/api/chatrooms/${id}/`, undefined, { form: { group_image: picture } })
  const second = await alice.patch(`/api/chatrooms/${id}/`, undefined, { form: { group_image: picture } })
  const none = await alice.patch(`/api/chatrooms/${id}/`, { group_image: null })

  expect(first.body.group_image).not.toBe(second.body.group_image)
  expect((await fetch(first.body.group_image)).status).toBe(404)
  expect(none.body).toMatchObject({ group_image: null, chat_name: 'A group' })
  expect((await fetch(second.body.group_image)).status).toBe(404)
})

test('a member who is no admin changes and deletes nothing', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  for (const reply of [
    await bob.patch(`/api/chatrooms/${id}/`, { room_name: 'Mine' }),
    await bob.put(`/api/chatrooms/${id}/`, {}),
    await bob.delete(`/api/chatrooms/${id}/`),
  ]) {
    expect(reply).toMatchObject({
      status: 403,
      body: { detail: 'You do not have permission to perform this action.' },
    })
  }
  expect((await bob.get(`/api/chatrooms/${id}/`)).body.chat_name).toBe('A group')
})

test.each([
  ['GET', ''],
  ['PUT', ''],
  ['PATCH', ''],
  ['DELETE', ''],
  ['POST', 'add_members/'],
  ['POST', 'remove_member/'],
  ['POST', 'assign_admin/'],
  ['POST', 'remove_admin/'],
  ['POST', 'leave_room/'],
  ['GET', 'participants/'],
  ['GET', 'shareable_link/'],
  ['POST', 'shareable_link/'],
  ['DELETE', 'shareable_link/'],
  ['PUT', 'mute/'],
  ['DELETE', 'mute/'],
])('to an outsider a room does not exist: %s %s', async (method, path) => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])

  const body = method === 'GET' ? undefined : { user_id: bob.id, users: [eve.id] }
  const reply = await eve.request(method, `/api/chatrooms/${id}/${path}`, body)
  const unknown = await eve.request(method, `/api/chatrooms/99999999/${path}`, body)
  const word = await eve.request(method, `/api/chatrooms/abc/${path}`, body)

  expect(reply).toMatchObject({ status: 404, body: { detail: 'No ChatRoom matches the given query.' } })
  expect(unknown.body).toEqual(reply.body)
  expect(word).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
})

test('an admin deletes a group for all, and each member is told', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  const reply = await alice.delete(`/api/chatrooms/${id}/`)

  expect(reply.status).toBe(204)
  expect((await bob.get(`/api/chatrooms/${id}/`)).status).toBe(404)
  expect(await chatsOf(bob)).toEqual([])
  expect(await toldIn(server, id)).toMatchObject([{ type: 'room.deleted', data: { room: id } }])
  for (const person of [alice, bob]) {
    expect((await toldTo(server, person)).at(-1)).toMatchObject({ type: 'room.deleted', data: { room: id } })
  }
})

test('whether somebody is there is hidden where they want it so or a block stands between', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob, carol])
  await server.database.pool.query(`UPDATE users SET last_seen_at = '2026-01-02T03:04:05Z' WHERE id = ANY ($1)`, [
    [alice.id, bob.id, carol.id],
  ])
  await server.database.pool.query(`UPDATE users SET presence_visibility = 'nobody' WHERE id = $1`, [bob.id])
  await server.database.pool.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [carol.id, alice.id])

  const { body } = await alice.get(`/api/chatrooms/${id}/`)

  const seen = new Map(body.participants.map((one: { id: number; last_seen: string }) => [one.id, one.last_seen]))
  expect(seen.get(alice.id)).toBe('2026-01-02T03:04:05.000Z')
  expect(seen.get(bob.id)).toBeNull()
  expect(seen.get(carol.id)).toBeNull()
})

test('a member silences a room for a time, for good, and not at all', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])
  const until = new Date(Date.now() + 3_600_000).toISOString()

  expect((await bob.put(`/api/chatrooms/${id}/mute/`, { until })).body).toEqual({ muted_until: until })
  expect(await chatsOf(bob)).toMatchObject([{ muted_until: until }])
  expect(await chatsOf(alice)).toMatchObject([{ muted_until: null }])
  expect((await bob.put(`/api/chatrooms/${id}/mute/`)).body.muted_until).toMatch(/^9999-/)
  expect((await bob.put(`/api/chatrooms/${id}/mute/`, { until: '9999-12-31T23:59:59-05:00' })).status).toBe(200)
  expect((await bob.delete(`/api/chatrooms/${id}/mute/`)).status).toBe(204)
  expect((await bob.get(`/api/chatrooms/${id}/`)).body.muted_until).toBeNull()
  const muted = (await toldTo(server, bob)).filter((event) => event.type === 'room.muted')
  expect(muted.map((event) => event.data.muted_until)).toEqual([until, expect.stringMatching(/^9999-/), null])
})

test.each(['soon', '2020-01-01T00:00:00Z', '2026-13-01T00:00:00Z', 5])(
  'a room is not silenced until %s',
  async (until) => {
    const [alice, bob] = await server.people('alice', 'bob')
    const { id } = await server.group(alice, [bob])

    const reply = await bob.put(`/api/chatrooms/${id}/mute/`, { until })

    expect(reply.status).toBe(400)
    expect(reply.body.until).toHaveLength(1)
  },
)

test('rooms are not for the anonymous', async () => {
  expect((await server.anonymous.get('/api/chatrooms/')).status).toBe(401)
  expect((await server.anonymous.post('/api/chatrooms/', {})).status).toBe(401)
  expect((await server.anonymous.post(`/api/chatrooms/join/${randomUUID()}/`)).status).toBe(401)
})
