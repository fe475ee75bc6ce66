import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { chatsOf, openDirect, sorted, toldTo } from './testing.ts'

const server = await startTestServer({ MAX_GROUP_MEMBERS: '4' })

test('with one other person and no name, their direct room is opened: new, then the same', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const first = await alice.post('/api/chatrooms/', { participant_ids: [bob.id] })
  const again = await bob.post('/api/chatrooms/', { participant_ids: [alice.id, bob.id], room_name: '' })

  expect(first).toMatchObject({ status: 201, body: { is_group: false, chat_name: bob.username, admins: [] } })
  expect(again).toMatchObject({ status: 200, body: { id: first.body.id, chat_name: alice.username, room_name: null } })
})

test('a direct room is called by the other’s full name and shows their picture', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.database.pool.query(`UPDATE users SET first_name = 'Bob', last_name = 'B.', image = $2 WHERE id = $1`, [
    bob.id,
    'a'.repeat(40),
  ])

  const id = await openDirect(alice, bob)

  const title = { chat_name: 'Bob B.', group_image: `${server.url}/media/profile/${'a'.repeat(40)}` }
  expect((await alice.get(`/api/chatrooms/${id}/`)).body).toMatchObject(title)
  expect(await chatsOf(alice)).toMatchObject([{ id, is_group: false, ...title }])
  expect(await chatsOf(bob)).toMatchObject([{ id, chat_name: alice.username, group_image: null }])
  expect(await toldTo(server, alice)).toMatchObject([
    {
      type: 'room.created',
      data: { room: { id, chat_name: 'Bob B.', group_image: `/media/profile/${'a'.repeat(40)}` } },
    },
  ])
  expect(await toldTo(server, bob)).toMatchObject([
    { type: 'room.created', data: { room: { chat_name: alice.username } } },
  ])
})

test('eight requests at once from both sides open one direct room', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0
        ? alice.post('/api/chatrooms/', { participant_ids: [bob.id] })
        : bob.post('/api/chatrooms/', { participant_ids: [alice.id] }),
    ),
  )

  expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(await toldTo(server, alice)).toHaveLength(1)
  expect(await toldTo(server, bob)).toHaveLength(1)
})

test.each([
  ['the other blocked the caller', 'INSERT INTO blocks (blocked_id, blocker_id) VALUES ($1, $2)'],
  ['the caller blocked the other', 'INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)'],
  [
    'the other wants messages of friends only',
    `UPDATE users SET allow_direct_messages = 'friends' WHERE id = $2 AND $1::bigint > 0`,
  ],
])('no direct room is opened where %s', async (_why, sql) => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.database.pool.query(sql, [alice.id, bob.id])

  const reply = await alice.post('/api/chatrooms/', { participant_ids: [bob.id] })

  expect(reply).toMatchObject({ status: 403, body: { detail: 'You cannot message this person.' } })
  expect(await chatsOf(bob)).toEqual([])
})

test.each([
  ['deleted', 'DELETE', '', 204],
  ['left', 'POST', 'leave_room/', 200],
])(
  'a direct room that is %s is hidden from the caller only, until its next message',
  async (_how, method, path, status) => {
    const [alice, bob] = await server.people('alice', 'bob')
    const id = await openDirect(alice, bob)
    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'hello' })

    expect((await alice.request(method, `/api/chatrooms/${id}/${path}`)).status).toBe(status)
    expect((await alice.request(method, `/api/chatrooms/${id}/${path}`)).status).toBe(status)

    expect(await chatsOf(alice)).toEqual([])
    expect(await chatsOf(bob)).toHaveLength(1)
    expect((await alice.get(`/api/chatrooms/${id}/`)).body.participants.map((one: { id: number }) => one.id)).toEqual(
      sorted(alice, bob),
    )
    expect((await toldTo(server, alice)).filter((event) => event.type === 'room.hidden')).toHaveLength(1)
    await bob.post(`/api/chatrooms/${id}/messages/`, { content: 'still there?' })
    expect(await chatsOf(alice)).toMatchObject([{ id, last_message: { content: 'still there?' } }])
  },
)

test('opening a hidden direct room shows it again to who opens it, and to nobody else', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await openDirect(alice, bob)
  await alice.delete(`/api/chatrooms/${id}/`)
  await bob.delete(`/api/chatrooms/${id}/`)

  expect(await openDirect(alice, bob)).toBe(id)

  expect(await chatsOf(alice)).toMatchObject([{ id }])
  expect(await chatsOf(bob)).toEqual([])
  expect((await toldTo(server, alice)).map((event) => event.type)).toEqual([
    'room.created',
    'room.hidden',
    'room.created',
  ])
})

test.each([
  ['PATCH', '', { room_name: 'Ours' }, 403, 'A private chat has no name or picture of its own.'],
  ['POST', 'remove_member/', {}, 405, 'Cannot remove members in private chat.'],
  ['POST', 'assign_admin/', {}, 405, 'Cannot assign admin in private chat.'],
  ['POST', 'remove_admin/', {}, 405, 'Cannot remove admin in private chat.'],
  ['GET', 'shareable_link/', undefined, 405, 'A private chat has no link.'],
  ['POST', 'shareable_link/', undefined, 405, 'A private chat has no link.'],
  ['DELETE', 'shareable_link/', undefined, 405, 'A private chat has no link.'],
])('a direct room has no %s %s', async (method, path, body, status, detail) => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await openDirect(alice, bob)

  const reply = await alice.request(method, `/api/chatrooms/${id}/${path}`, body)

  expect(reply).toMatchObject({ status, body: { detail } })
})

test('adding a third person makes a new group of all, the two being admins', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const id = await openDirect(alice, bob)

  const reply = await bob.post(`/api/chatrooms/${id}/add_members/`, { users: [carol.id] })

  const pair = [alice, bob].toSorted((one, other) => one.id - other.id)
  expect(reply).toMatchObject({
    status: 201,
    body: {
      is_group: true,
      chat_name: `Group (${pair.map((one) => one.username).join(', ')}, ${carol.username})`,
      admins: pair.map((one) => ({ id: one.id })),
      member_count: 3,
    },
  })
  expect(reply.body.id).not.toBe(id)
  expect((await alice.get(`/api/chatrooms/${id}/`)).body).toMatchObject({ is_group: false, member_count: 2 })
})

test('a direct room is not widened by those who are in it, nobody, strangers to the server, or the unwilling', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const id = await openDirect(alice, bob)
  const add = (users: number[]) => alice.post(`/api/chatrooms/${id}/add_members/`, { users })

  expect(await add([bob.id])).toMatchObject({
    status: 400,
    body: { detail: 'One or more users are already in the room' },
  })
  expect(await add([])).toMatchObject({ status: 400, body: { detail: 'Users are already in the room' } })
  expect(await add([carol.id, 99999])).toMatchObject({ status: 400, body: { users: { 1: ['No such user: 99999.'] } } })
  await server.database.pool.query(`UPDATE users SET allow_group_adds = 'friends' WHERE id = $1`, [bob.id])
  const unwilling = await add([carol.id])
  expect(unwilling.body.users[0]).toContain(bob.username)
  expect(await chatsOf(alice)).toMatchObject([{ id }])
})

test('a group made of a direct room has no more members than any other', async () => {
  const [alice, bob, carol, dave, eve] = await server.people('alice', 'bob', 'carol', 'dave', 'eve')
  const id = await openDirect(alice, bob)
  const add = (...people: { id: number }[]) =>
    alice.post(`/api/chatrooms/${id}/add_members/`, { users: people.map((person) => person.id) })

  expect(await add(carol, dave, eve)).toMatchObject({
    status: 400,
    body: { non_field_errors: ['A group cannot have more than 4 members.'] },
  })
  expect(await chatsOf(carol)).toEqual([])
  expect(await add(carol, dave, carol)).toMatchObject({ status: 201, body: { member_count: 4 } })
})
