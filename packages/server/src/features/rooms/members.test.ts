import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { chatsOf, sorted, toldIn, toldTo } from './testing.ts'

const server = await startTestServer({ MAX_GROUP_MEMBERS: '6' })

test('participants are listed by id, page by page', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob, carol])

  const all = await bob.get(`/api/chatrooms/${id}/participants/`)
  const first = await bob.get(`/api/chatrooms/${id}/participants/?limit=2`)
  const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
  const second = await bob.get(next)

  expect(all.body.map((one: { id: number }) => one.id)).toEqual(sorted(alice, bob, carol))
  expect(all.body).toContainEqual({ id: alice.id, username: alice.username, is_admin: true })
  expect(all.headers.get('link')).toBeNull()
  expect([...first.body, ...second.body]).toEqual(all.body)
  expect(second.headers.get('link')).toBeNull()
  expect((await bob.post(`/api/chatrooms/${id}/participants/`)).status).toBe(405)
})

test('an admin adds people; they are told of the room, the room of them, and they are notified', async () => {
  const [alice, bob, carol, dave] = await server.people('alice', 'bob', 'carol', 'dave')
  const { id } = await server.group(alice, [bob])
  await alice.post(`/api/chatrooms/${id}/messages/`, { content: 'before they came' })

  const reply = await alice.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id, dave.id, bob.id] })

  expect(reply).toMatchObject({ status: 200, body: { id, member_count: 4 } })
  const added = (await toldIn(server, id)).filter((event) => event.type === 'member.added')
  expect(added).toMatchObject([{ data: { room: id, added_by: alice.id } }])
  expect(added[0]?.data.members).toEqual(
    [carol, dave]
      .toSorted((one, other) => one.id - other.id)
      .map(({ id: memberId, username }) => ({
        id: memberId,
        username,
        full_name: null,
        is_admin: false,
        profile_pic: null,
      })),
  )
  expect(await toldTo(server, carol)).toMatchObject([{ type: 'room.created', data: { room: { id, member_count: 4 } } }])
  expect((await toldTo(server, bob)).filter((event) => event.type === 'room.created')).toHaveLength(1)
  expect((await dave.get('/api/notifications/')).body).toMatchObject([
    { notification_type: 'room_invite', room_id: id },
  ])
  expect(await chatsOf(carol)).toMatchObject([{ id, unread_count: 0, last_message: { content: 'before they came' } }])
})

test.each([
  ['those who are in it', (bob: number) => ({ users: [bob] }), { detail: 'Users are already in the room' }],
  ['nobody', () => ({ users: [] }), { detail: 'Users are already in the room' }],
  ['nothing', () => ({}), { detail: 'Users are already in the room' }],
  ['another field', (bob: number) => ({ user_ids: [bob] }), { detail: 'Users are already in the room' }],
  ['an unknown person', () => ({ users: [99999] }), { users: { 0: ['No such user: 99999.'] } }],
  ['no list', () => ({ users: 5 }), { users: ['Expected a list of items but got type "int".'] }],
  ['words', () => ({ users: ['abc'] }), { users: { 0: ['A valid integer is required.'] } }],
  [
    'too many at once',
    () => ({ users: Array.from({ length: 1001 }, () => 1) }),
    { users: ['Ensure this field has no more than 1000 elements.'] },
  ],
])('adding %s to a group is refused', async (_whom, bodyFor, error) => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  const reply = await alice.post(`/api/chatrooms/${id}/add_members/`, bodyFor(bob.id))

  expect(reply).toMatchObject({ status: 400, body: error })
  expect((await alice.get(`/api/chatrooms/${id}/`)).body.member_count).toBe(2)
})

test('only admins add, remove and appoint', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob])
  const refused = { status: 403, body: { detail: 'You do not have permission to perform this action.' } }

  expect(await bob.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id] })).toMatchObject({
    status: 403,
    body: { detail: 'Only admins can add members' },
  })
  expect(await bob.post(`/api/chatrooms/${id}/remove_member/`, { user_id: alice.id })).toMatchObject(refused)
  expect(await bob.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })).toMatchObject(refused)
  expect(await bob.delete(`/api/chatrooms/${id}/shareable_link/`)).toMatchObject(refused)
  expect(await bob.post(`/api/chatrooms/${id}/shareable_link/`)).toMatchObject(refused)
})

test('whom others may not add is named, and nobody of the request is added', async () => {
  const [alice, bob, carol, dave] = await server.people('alice', 'bob', 'carol', 'dave')
  const { id } = await server.group(alice, [bob])
  await server.database.pool.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [carol.id, alice.id])

  const reply = await alice.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id, dave.id] })

  expect(reply).toMatchObject({ status: 400, body: { users: [`You cannot add ${carol.username} to a group.`] } })
  expect(await chatsOf(dave)).toEqual([])
})

test('an admin removes somebody, also another admin, and to them the room is gone', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob, carol])
  await alice.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })

  const reply = await bob.post(`/api/chatrooms/${id}/remove_member/`, { user_id: String(alice.id) })

  expect(reply).toMatchObject({ status: 200, body: { detail: 'User removed successfully.' } })
  expect((await alice.get(`/api/chatrooms/${id}/`)).status).toBe(404)
  expect((await alice.post(`/api/chatrooms/${id}/messages/`, { content: 'let me in' })).status).toBe(404)
  expect((await bob.get(`/api/chatrooms/${id}/`)).body.admins).toEqual([{ id: bob.id }])
  expect((await toldTo(server, alice)).at(-1)).toMatchObject({ type: 'room.deleted', data: { room: id } })
  expect((await toldIn(server, id)).at(-1)).toMatchObject({
    type: 'member.removed',
    data: { room: id, user_id: alice.id, removed_by: bob.id, reason: 'removed' },
  })
})

test.each([
  [
    'remove_member',
    'oneself',
    (admin: number) => ({ user_id: admin }),
    400,
    { detail: 'You cannot remove yourself from the room.' },
  ],
  [
    'remove_member',
    'oneself as text',
    (admin: number) => ({ user_id: `${admin}` }),
    400,
    { detail: 'You cannot remove yourself from the room.' },
  ],
  ['remove_member', 'nobody', () => ({}), 400, { detail: 'User ID is required.' }],
  ['remove_member', 'null', () => ({ user_id: null }), 400, { detail: 'User ID is required.' }],
  [
    'remove_member',
    'an unknown person',
    () => ({ user_id: 99999 }),
    404,
    { detail: 'No User matches the given query.' },
  ],
  ['remove_member', 'a word', () => ({ user_id: 'abc' }), 400, { user_id: ['A valid integer is required.'] }],
  [
    'remove_member',
    'an outsider',
    (_: number, eve: number) => ({ user_id: eve }),
    400,
    { detail: 'User is not a participant in this room.' },
  ],
  ['assign_admin', 'nobody', () => ({}), 404, { detail: 'No User matches the given query.' }],
  [
    'assign_admin',
    'an unknown person',
    () => ({ user_id: 99999 }),
    404,
    { detail: 'No User matches the given query.' },
  ],
  ['assign_admin', 'a word', () => ({ user_id: 'abc' }), 400, { user_id: ['A valid integer is required.'] }],
  [
    'assign_admin',
    'an outsider',
    (_: number, eve: number) => ({ user_id: eve }),
    400,
    { detail: 'User is not a participant.' },
  ],
])('%s of %s is refused', async (action, _whom, bodyFor, status, error) => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  const { id } = await server.group(alice, [bob])

  const reply = await alice.post(`/api/chatrooms/${id}/${action}/`, bodyFor(alice.id, eve.id))

  expect(reply).toMatchObject({ status, body: error })
})

test('a member is made an admin, and told so once', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  const first = await alice.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })
  const again = await alice.post(`/api/chatrooms/${id}/assign_admin/`, undefined, { urlencoded: { user_id: bob.id } })

  expect(first).toMatchObject({ status: 200, body: { detail: `${bob.username} is now an admin.` } })
  expect(again).toMatchObject({ status: 200, body: first.body })
  expect(await toldIn(server, id)).toMatchObject([
    { type: 'member.role_changed', data: { user_id: bob.id, is_admin: true, changed_by: alice.id } },
  ])
})

test('a member leaves; the only admin does not as long as others are there; the last one out ends the group', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])

  const stuck = await alice.post(`/api/chatrooms/${id}/leave_room/`)
  const left = await bob.post(`/api/chatrooms/${id}/leave_room/`)
  const again = await bob.post(`/api/chatrooms/${id}/leave_room/`)
  const last = await alice.post(`/api/chatrooms/${id}/leave_room/`)

  expect(stuck).toMatchObject({ status: 400, body: { detail: 'Please assign a new admin before leaving.' } })
  expect(left).toMatchObject({ status: 200, body: { detail: 'Successfully left the room' } })
  expect(again.status).toBe(404)
  expect(last.status).toBe(200)
  expect((await toldIn(server, id)).map((event) => event.type)).toEqual(['member.removed', 'room.deleted'])
  expect((await toldTo(server, bob)).at(-1)).toMatchObject({ type: 'room.deleted', data: { room: id } })
})

test('of all admins leaving at once one stays, since somebody else is there', async () => {
  const people = await server.people('a', 'b', 'c', 'd', 'e', 'f')
  const [first, ...others] = people
  const { id } = await server.group(first, others)
  const admins = people.slice(0, 5)
  await Promise.all(
    admins.slice(1).map((admin) => first.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: admin.id })),
  )

  const replies = await Promise.all(admins.map((admin) => admin.post(`/api/chatrooms/${id}/leave_room/`)))

  expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 200, 200, 200, 400])
  const { body } = await people[5].get(`/api/chatrooms/${id}/`)
  expect(body).toMatchObject({
    member_count: 2,
    admins: [{ id: admins[replies.findIndex((r) => r.status === 400)]?.id }],
  })
})

test('all members leaving at once leave no group, or one with an admin', async () => {
  const people = await server.people('a', 'b', 'c', 'd')
  const [first, ...others] = people
  const { id } = await server.group(first, others)
  await Promise.all(others.map((other) => first.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: other.id })))

  const replies = await Promise.all(people.map((person) => person.post(`/api/chatrooms/${id}/leave_room/`)))

  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200])
  expect((await toldIn(server, id)).at(-1)?.type).toBe('room.deleted')
})

test('two admins who remove each other at once: one is out, the other is not', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob, carol])
  await alice.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id })

  const replies = await Promise.all([
    alice.post(`/api/chatrooms/${id}/remove_member/`, { user_id: bob.id }),
    bob.post(`/api/chatrooms/${id}/remove_member/`, { user_id: alice.id }),
  ])

  expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 404])
  expect((await carol.get(`/api/chatrooms/${id}/`)).body.admins).toHaveLength(1)
})

test('the leaving of the only admin and the appointing of another have one outcome with an admin', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob, carol])

  await Promise.all([
    alice.post(`/api/chatrooms/${id}/leave_room/`),
    alice.post(`/api/chatrooms/${id}/assign_admin/`, { user_id: bob.id }),
    bob.post(`/api/chatrooms/${id}/leave_room/`),
    alice.post(`/api/chatrooms/${id}/leave_room/`),
  ])

  const { body } = await carol.get(`/api/chatrooms/${id}/`)
  expect(body.admins.length).toBeGreaterThan(0)
})

test('the limit holds however many are added and join at once', async () => {
  const [alice, ...others] = await server.people('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')
  const { id } = await server.group(alice, [others[0]])
  const { body: link } = await alice.get(`/api/chatrooms/${id}/shareable_link/`)

  const replies = await Promise.all(
    others
      .slice(1)
      .map((person, index) =>
        index % 2 === 0
          ? alice.post(`/api/chatrooms/${id}/add_members/`, { users: [person.id] })
          : person.post(`/api/chatrooms/join/${link.room_id}/`),
      ),
  )

  expect(replies.filter((reply) => reply.status === 200)).toHaveLength(4)
  for (const reply of replies.filter((one) => one.status !== 200)) {
    expect(reply).toMatchObject({
      status: 400,
      body: { non_field_errors: ['A group cannot have more than 6 members.'] },
    })
  }
  expect((await alice.get(`/api/chatrooms/${id}/`)).body.member_count).toBe(6)
})

test('the same person added eight times at once is in it once and told once', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob])

  const replies = await Promise.all(
    Array.from({ length: 8 }, () => alice.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id] })),
  )

  expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 400, 400, 400, 400, 400, 400, 400])
  expect(await toldTo(server, carol)).toHaveLength(1)
})

test('who had to wait for the room to come in came after what was said meanwhile', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { id } = await server.group(alice, [bob])
  const speaker = await server.database.pool.connect()
  await speaker.query('BEGIN')
  await speaker.query('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE', [id])

  const adding = alice.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id] })
  await untilLockAwaited(server.database.pool)
  await speaker.query(`SELECT * FROM write_messages($1, $2, '{NULL}', '{NULL}', '{meanwhile}', '{NULL}')`, [
    [id],
    [bob.id],
  ])
  await speaker.query('COMMIT')
  speaker.release()
  await adding

  const { rows } = await server.database.pool.query(
    `SELECT m.joined_at >= r.last_message_at AS came_after FROM room_members m JOIN rooms r ON r.id = m.room_id
      WHERE m.room_id = $1 AND m.user_id = $2`,
    [id, carol.id],
  )
  expect(rows).toEqual([{ came_after: true }])
})
