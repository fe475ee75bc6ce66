import { Api } from '@confab/testkit/api'
import { expectStatus, PASSWORD, type Person, startTestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { expectConsistent } from '../../../tests/consistency.ts'

const server = await startTestServer()
const room = (id: number, rest = '') => `/api/chatrooms/${id}/${rest}`
const leave = (person: Person, password = PASSWORD) => person.delete('/api/profile/', { current_password: password })
const login = (identifier: string) => server.anonymous.post('/api/login/', { identifier, password: PASSWORD })
const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()

async function select<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
  return (await server.database.pool.query(text, values)).rows
}

test('a wrong password is a field error, and nothing is deleted', async () => {
  const [ada] = await server.people('ada')
  expect(await leave(ada, 'something else')).toMatchObject({
    status: 400,
    body: { current_password: ['Current password is incorrect.'] },
  })
  expect(await ada.delete('/api/profile/', {})).toMatchObject({
    status: 400,
    body: { current_password: ['This field is required.'] },
  })
  expect((await ada.get('/api/profile/')).status).toBe(200)
})

test('whoever deleted their account is nobody’s to log in as, on any device, and their names are free', async () => {
  const [ada] = await server.people('ada')
  const other = (await login(ada.username)).body.tokens
  const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/?token=${other.access}`)
  server.sockets.push(socket)
  socket.send({ type: 'hello' })
  await socket.next('ready')

  expect((await leave(ada)).status).toBe(204)

  expect((await socket.closed()).code).toBe(4501)
  for (const api of [ada, new Api(server.url, other.access)]) {
    expect(await api.get('/api/profile/')).toMatchObject({ status: 401, body: { code: 'user_not_found' } })
  }
  for (const refresh of [ada.refresh, other.refresh]) {
    expect(await server.anonymous.post('/api/token/refresh/', { refresh })).toMatchObject({
      status: 401,
      body: { detail: 'Token is invalid', code: 'token_not_valid' },
    })
  }
  for (const identifier of [ada.username, ada.email, `deleted:${ada.id}`]) {
    expect(await login(identifier)).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Invalid login credentials.'] },
    })
  }
  const again = { username: ada.username, email: ada.email, password: PASSWORD, confirm_password: PASSWORD }
  expect((await server.anonymous.post('/api/register/', again)).status).toBe(201)
  const taken = { ...again, username: `deleted:${ada.id}`, email: '' }
  expect((await server.anonymous.post('/api/register/', taken)).status).toBe(400)
})

test('on another server of the installation the sockets are closed as well', async () => {
  const [ada] = await server.people('ada')
  const second = await server.node()
  const socket = await second.as(ada).connect('/ws/notifications/')
  await leave(ada)
  // It looks every four seconds.
  expect((await socket.closed(15_000)).code).toBe(4501)
})

test('what they said stays, by a deleted person, and their picture is gone', async () => {
  const [ada, bob, cyd] = await server.people('ada', 'bob', 'cyd')
  const { id } = await server.group(ada, [bob, cyd])
  const { body: profile } = await ada.patch('/api/profile/', undefined, {
    form: { first_name: 'Ada', profile_pic: { bytes: picture } },
  })
  const said = (await ada.post(room(id, 'messages/'), { content: 'remember me' })).body
  const shown = (await ada.post(room(id, 'messages/'), undefined, { form: { image: { bytes: picture } } })).body
  await server.core.services.search.settled(5_000)
  const bobs = await bob.connect('/ws/')
  bobs.send({ type: 'hello' })
  await bobs.next('ready')

  await leave(ada)

  const sender = { id: ada.id, username: `deleted:${ada.id}` }
  expect((await bob.get(room(id, `messages/${said.id}/`))).body).toMatchObject({ content: 'remember me', sender })
  expect((await fetch((await bob.get(room(id, `messages/${shown.id}/`))).body.image)).status).toBe(200)
  expect((await fetch(profile.profile_pic)).status).toBe(404)
  expect((await bob.get('/api/chatrooms/')).body.results[0].last_message).toMatchObject({
    sender_name: `deleted:${ada.id}`,
  })
  // They came at the same time, and of those the one with the lower id is next.
  expect((await bob.get(room(id))).body).toMatchObject({
    member_count: 2,
    admins: [{ id: bob.id }],
    participants: [{ id: bob.id }, { id: cyd.id }],
  })
  expect(await bobs.next('member.role_changed')).toMatchObject({ data: { user_id: bob.id, is_admin: true } })
  expect(await bobs.next('member.removed')).toMatchObject({ data: { room: id, user_id: ada.id, reason: 'left' } })
  expect(await bobs.next('user.deleted')).toMatchObject({ data: { room: id, user: { ...sender, profile_pic: null } } })
  const found = await bob.get(room(id, `messages/?search=${ada.username}`))
  expect(found.body.results).toEqual([])
  expect((await bob.get(room(id, 'messages/?search=remember'))).body.results).toHaveLength(1)
})

test('they are found nowhere, and nothing can be begun with them', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: group } = await server.group(bob, [ada])
  await leave(ada)

  for (const path of [`/api/users/?search=${ada.username}`, `/api/users/?search=deleted:${ada.id}`]) {
    expect((await bob.get(path)).body).toEqual([])
  }
  expect((await bob.get(`/api/search/people/?q=${ada.username}`)).body.results).toEqual([])
  expect((await bob.get(`/api/search/people/?q=deleted:${ada.id}`)).body.results).toEqual([])
  const attempts = [
    [await bob.get(`/api/users/${ada.id}/`), 404],
    [await bob.post('/api/friend-requests/', { to_user: ada.id }), 404],
    [await bob.post(`/api/users/${ada.id}/block/`), 404],
    [await bob.post('/api/chatrooms/', { participant_ids: [ada.id] }), 400],
    [await bob.post('/api/chatrooms/', { room_name: 'x', participant_ids: [ada.id] }), 400],
    [await bob.post(room(group, 'add_members/'), { users: [ada.id] }), 400],
  ] as const
  for (const [reply, status] of attempts) expect(reply.status).toBe(status)
})

test('friends, requests and blocks are gone on both sides, and those whom it concerns are told', async () => {
  const [ada, bob, cyd, dan] = await server.people('ada', 'bob', 'cyd', 'dan')
  await server.befriend(ada, bob)
  const request = (await cyd.post('/api/friend-requests/', { to_user: ada.id })).body
  await dan.post(`/api/users/${ada.id}/block/`)
  const sockets = await Promise.all([bob, cyd, dan].map((person) => person.connect('/ws/')))
  for (const socket of sockets) {
    socket.send({ type: 'hello' })
    await socket.next('ready')
  }

  await leave(ada)

  const [bobs, cyds, dans] = sockets
  expect(await bobs?.next('friend.removed')).toMatchObject({ data: { user_id: ada.id } })
  expect(await cyds?.next('friend_request.cancelled')).toMatchObject({ data: { request_id: request.id } })
  expect(await dans?.next('user.unblocked')).toMatchObject({ data: { user_id: ada.id } })
  expect((await bob.get('/api/friends/')).body).toEqual([])
  expect((await cyd.get('/api/friend-requests/')).body).toEqual([])
  expect((await dan.get('/api/blocks/')).body).toEqual([])
})

test('a direct room stays for the other to read, takes no more messages, and ends with the second one', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { roomId } = await server.befriend(ada, bob)
  await ada.post(room(roomId, 'messages/'), { content: 'bye' })
  const sidebar = await bob.connect('/ws/sidebar/')

  await leave(ada)

  expect(await sidebar.next('group_updated')).toMatchObject({ group: { id: roomId, chat_name: 'Deleted user' } })
  expect((await bob.get('/api/chatrooms/')).body.results).toMatchObject([{ id: roomId, chat_name: 'Deleted user' }])
  expect((await bob.get(room(roomId, 'messages/'))).body.results).toMatchObject([{ content: 'bye' }])
  for (const body of [{ content: 'are you there?' }, { content: 'again', client_id: '1' }]) {
    expect(await bob.post(room(roomId, 'messages/'), body)).toMatchObject({
      status: 403,
      body: { detail: 'You cannot message this person.' },
    })
  }
  const form = { image: { bytes: picture } }
  expect((await bob.post(room(roomId, 'messages/'), undefined, { form })).status).toBe(403)

  await leave(bob)
  await expect.poll(() => select('SELECT 1 FROM messages WHERE room_id = $1', roomId), { timeout: 10_000 }).toEqual([])
})

test('a group of theirs alone ends', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id } = await server.group(ada, [bob])
  await bob.post(room(id, 'leave_room/'))
  await leave(ada)
  expect(await select('SELECT deleted_at IS NOT NULL AS gone FROM rooms WHERE id = $1', id)).toEqual([{ gone: true }])
})

test('nothing personal is left in the database but what they said', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  await server.befriend(ada, bob)
  await ada.patch('/api/profile/', { first_name: 'Augusta', bio: 'countess of nothing' })
  await ada.post('/api/notifications/', { message: 'note to self' })
  await bob.post(`/api/users/${ada.id}/block/`)

  await leave(ada)

  const [row] = await select<Record<string, unknown>>('SELECT * FROM users WHERE id = $1', ada.id)
  expect(JSON.stringify(row)).not.toMatch(new RegExp(`${ada.username}|Augusta|countess|argon2`))
  for (const [table, column] of [
    ['login_names', 'user_id'],
    ['sessions', 'user_id'],
    ['notifications', 'user_id'],
    ['user_events', 'user_id'],
    ['friendships', 'low_id'],
    ['friend_requests', 'from_user_id'],
    ['blocks', 'blocked_id'],
  ]) {
    expect([table, await select(`SELECT 1 FROM ${table} WHERE ${column} = $1`, ada.id)]).toEqual([table, []])
  }
})

describe('at the same time as', () => {
  test('their own sends, each of those is stored before or refused, and nothing afterwards', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { roomId } = await server.befriend(ada, bob)
    const { id: group } = await server.group(bob, [ada])
    const send = (id: number, content: string) => ada.post(room(id, 'messages/'), { content })
    const [gone, ...sent] = await Promise.all([
      leave(ada),
      ...Array.from({ length: 30 }, (_, index) => send(index % 2 ? roomId : group, `${index}`)),
    ])

    expect(gone.status).toBe(204)
    expect(sent.filter(({ status }) => ![201, 401, 403, 404].includes(status))).toEqual([])
    const stored = await select('SELECT content FROM messages WHERE sender_id = $1', ada.id)
    expect(stored).toHaveLength(sent.filter(({ status }) => status === 201).length)
    expect((await bob.post(room(roomId, 'messages/'), { content: 'x' })).status).toBe(403)
  })

  test('everything that others begin with them, nothing of it outlives the account', async () => {
    for (let round = 0; round < 5; round++) {
      const [ada, bob, cyd, dan] = await server.people('ada', 'bob', 'cyd', 'dan')
      const { id: group } = await server.group(bob, [dan])
      const request = expectStatus(await cyd.post('/api/friend-requests/', { to_user: ada.id }), 201).body.id
      const link = (await bob.get(room(group, 'shareable_link/'))).body.room_id
      const replies = await Promise.all([
        bob.post(room(group, 'add_members/'), { users: [ada.id] }),
        dan.post('/api/chatrooms/', { participant_ids: [ada.id] }),
        dan.post('/api/friend-requests/', { to_user: ada.id }),
        leave(ada),
        ada.post(`/api/friend-requests/${request}/accept/`),
        ada.post(`/api/chatrooms/join/${link}/`),
        bob.post(`/api/users/${ada.id}/block/`),
        bob.post('/api/chatrooms/', { room_name: 'New', participant_ids: [ada.id, cyd.id] }),
        login(ada.username),
      ])

      expect(replies[3]?.status).toBe(204)
      const ties = await select(
        `SELECT 'member' AS what FROM room_members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 AND r.kind = 'group'
         UNION ALL SELECT 'friend' FROM friendships WHERE low_id = $1 OR high_id = $1
         UNION ALL SELECT 'request' FROM friend_requests WHERE from_user_id = $1 OR to_user_id = $1
         UNION ALL SELECT 'block' FROM blocks WHERE blocker_id = $1 OR blocked_id = $1
         UNION ALL SELECT 'session' FROM sessions WHERE user_id = $1`,
        ada.id,
      )
      expect(ties).toEqual([])
      for (const { status, body } of replies) expect([status < 500, body]).toEqual([true, body])
    }
  })

  test('itself, it happens once', async () => {
    const [ada] = await server.people('ada')
    const replies = await Promise.all(Array.from({ length: 4 }, () => leave(ada)))
    const statuses = replies.map(({ status }) => status).sort()
    expect(statuses[0]).toBe(204)
    expect(statuses.slice(1).every((status) => status === 401 || status === 400)).toBe(true)
  })

  test('that of all others in a group, the group ends and nothing is half done', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => server.person('many')))
    const [first, ...others] = people
    if (!first) throw new Error('nobody is there')
    const { id } = await server.group(first, others)
    expect((await Promise.all(people.map((person) => leave(person)))).map(({ status }) => status)).toEqual(
      people.map(() => 204),
    )
    expect(await select('SELECT 1 FROM room_members WHERE room_id = $1', id)).toEqual([])
    expect(await select('SELECT deleted_at IS NOT NULL AS gone FROM rooms WHERE id = $1', id)).toEqual([{ gone: true }])
  })
})

test('after all of it the database is consistent', async () => {
  await expectConsistent(async (text) => (await server.database.pool.query({ text, rowMode: 'array' })).rows.flat())
})
