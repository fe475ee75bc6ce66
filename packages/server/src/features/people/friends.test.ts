import { expectStatus, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { greetGateway } from '../../realtime/testing.ts'
import { ask, countStatuses, directRooms, eventsOf, nextOf } from './testing.ts'

const server = await startTestServer()

test('friends are listed in the shape of a profile, at both paths and alone', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)

  const list = await alice.get('/api/friends/')

  expect(list).toMatchObject({ status: 200 })
  expect(list.body).toEqual([
    {
      id: bob.id,
      username: bob.username,
      bio: null,
      email: null,
      full_name: null,
      friends: [alice.id],
      profile_pic: null,
      online_status: false,
      last_seen: null,
    },
  ])
  expect((await alice.get('/api/friends/list_friends/')).body).toEqual(list.body)
  expect((await alice.get(`/api/friends/${bob.id}/`)).body).toEqual(list.body[0])
})

test('the search looks in usernames and names', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  await server.befriend(alice, bob)
  await server.befriend(alice, carol)
  expectStatus(await carol.patch('/api/profile/', { first_name: 'Caroline', last_name: 'Kessler' }), 200)
  const find = async (search: string) =>
    (await alice.get(`/api/friends/?search=${encodeURIComponent(search)}`)).body.map(
      (friend: { id: number }) => friend.id,
    )

  expect(await find(bob.username.slice(2))).toEqual([bob.id])
  expect(await find('kessler CAROL')).toEqual([carol.id])
  expect(await find('zz-nobody')).toEqual([])
  expect((await alice.get(`/api/friends/${carol.id}/`)).body.full_name).toBe('Caroline Kessler')
})

test('the list is by username and comes in pages', async () => {
  const [alice, ...others] = await server.people('alice', 'Zoe', 'bob', 'Carol')
  for (const other of others) await server.befriend(alice, other)

  const seen: string[] = []
  let path: string | undefined = '/api/friends/?limit=2'
  while (path !== undefined) {
    const reply = expectStatus(await alice.get(path), 200)
    seen.push(...reply.body.map((friend: { username: string }) => friend.username.replace(/_.*/, '')))
    path = nextOf(reply)
  }

  expect(seen).toEqual(['bob', 'Carol', 'Zoe'])
})

test('a friend is online while a socket of theirs is open, unless they hide it', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)
  const seen = async () => (await alice.get(`/api/friends/${bob.id}/`)).body
  await bob.connect('/ws/sidebar/')

  expect(await seen()).toMatchObject({ online_status: true })

  expectStatus(await bob.patch('/api/profile/', { presence_visibility: 'nobody' }), 200)
  expect(await seen()).toMatchObject({ online_status: false, last_seen: null })
})

test('when a friend was last here is shown, unless they hide it', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)
  const at = '2026-01-02T03:04:05.678Z'
  await server.database.kysely.updateTable('users').set({ last_seen_at: at }).where('id', '=', bob.id).execute()
  const seen = async () => (await alice.get(`/api/friends/${bob.id}/`)).body.last_seen

  expect(await seen()).toBe(at)
  expectStatus(await bob.patch('/api/profile/', { presence_visibility: 'nobody' }), 200)
  expect(await seen()).toBeNull()
})

test("a friend's email is shown once they show it to friends", async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)
  expectStatus(await bob.patch('/api/profile/', { email_visibility: 'friends' }), 200)

  expect((await alice.get('/api/friends/')).body).toMatchObject([{ email: bob.email }])
})

test.each([
  ['DELETE', (id: number) => `/api/friends/${id}/`],
  ['POST', (id: number) => `/api/friends/${id}/remove_friend/`],
])('a friendship ends for both by %s, and the direct room stays', async (method, path) => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { roomId } = await server.befriend(alice, bob)

  expect(await alice.request(method, path(bob.id))).toMatchObject({
    status: 200,
    body: { detail: `Successfully removed ${bob.username} from your friends list.` },
  })

  expect((await alice.get('/api/friends/')).body).toEqual([])
  expect((await bob.get('/api/friends/')).body).toEqual([])
  expect(await directRooms(alice, bob)).toMatchObject([{ id: roomId }])
  expect(await eventsOf(server, alice, 'friend.removed')).toMatchObject([{ data: { user_id: bob.id } }])
  expect(await eventsOf(server, bob, 'friend.removed')).toMatchObject([{ data: { user_id: alice.id } }])
  expect(await alice.request(method, path(bob.id))).toMatchObject({
    status: 400,
    body: { error: 'This user is not in your friends list.' },
  })
  expect(await alice.request(method, path(alice.id))).toMatchObject({ status: 400 })
  expect(await alice.request(method, path(999_999))).toMatchObject({
    status: 404,
    body: { error: 'User not found.' },
  })
})

test.each(['by REST', 'by the gateway'])(
  'who takes messages of friends only gets no more from who was one, %s',
  async (way) => {
    const [alice, bob] = await server.people('alice', 'bob')
    const { roomId: room } = await server.befriend(alice, bob)
    expectStatus(await bob.patch('/api/profile/', { allow_direct_messages: 'friends' }), 200)
    const { socket } = await greetGateway(server, alice)
    const send = async (content: string) => {
      if (way === 'by REST') return alice.post(`/api/chatrooms/${room}/messages/`, { content })
      socket.send({ type: 'message.send', ref: content, room, content, client_id: content })
      return socket.nextWhere((frame) => frame.ref === content)
    }
    const sent = way === 'by REST' ? { status: 201 } : { type: 'ack' }
    const refused = way === 'by REST' ? { status: 403 } : { type: 'error', code: 'cannot_message' }

    expect(await send('as a friend')).toMatchObject(sent)
    expectStatus(await bob.delete(`/api/friends/${alice.id}/`), 200)
    expect(await send('as a stranger')).toMatchObject(refused)

    const { body } = await bob.get(`/api/chatrooms/${room}/messages/`)
    expect(body.results.map(({ content }: { content: string }) => content)).toEqual(['as a friend'])
    expectStatus(await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'goodbye' }), 201)
    await server.befriend(alice, bob)
    expect(await send('again')).toMatchObject(sent)
  },
)

test('of many removals at once one counts', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)

  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) => {
      const [me, other] = index % 2 ? [alice, bob] : [bob, alice]
      return me.delete(`/api/friends/${other.id}/`)
    }),
  )

  expect(countStatuses(replies)).toEqual({ 200: 1, 400: 7 })
  expect(await eventsOf(server, alice, 'friend.removed')).toHaveLength(1)
})

test('who is no friend is not found among friends, whoever they are', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await ask(alice, bob)

  for (const id of [bob.id, alice.id, 999_999]) {
    expect(await alice.get(`/api/friends/${id}/`)).toMatchObject({ status: 404, body: { error: 'Friend not found.' } })
  }
  expect(await alice.get('/api/friends/abc/')).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
  expect(await alice.post('/api/friends/abc/remove_friend/')).toMatchObject({ status: 404 })
  expect(await server.anonymous.get('/api/friends/')).toMatchObject({ status: 401 })
})

test.each([
  ['POST', '/api/friends/'],
  ['PUT', '/api/friends/2/'],
  ['PATCH', '/api/friends/2/'],
  ['GET', '/api/friends/2/remove_friend/'],
])('%s %s is not a thing to do', async (method, path) => {
  const [alice] = await server.people('alice')

  expect(await alice.request(method, path)).toMatchObject({
    status: 405,
    body: { detail: `Method "${method}" not allowed.` },
  })
})
