import { topicOf } from '@confab/contract/define-event'
import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import { expect, test, vi } from 'vitest'
import { ask, countStatuses, eventsOf, nextOf } from './testing.ts'

const server = await startTestServer()
const block = (person: Person, other: Person) => person.post(`/api/users/${other.id}/block/`)
const unblock = (person: Person, other: Person) => person.delete(`/api/users/${other.id}/block/`)

test('a block is made once, listed, and lifted', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const first = await block(alice, bob)
  const again = await block(alice, bob)

  expect(first).toMatchObject({
    status: 201,
    body: { id: bob.id, username: bob.username, full_name: null, profile_pic: null },
  })
  expect(again).toMatchObject({ status: 200, body: first.body })
  expect((await alice.get('/api/blocks/')).body).toEqual([first.body])
  expect((await bob.get('/api/blocks/')).body).toEqual([])
  expect((await alice.get(`/api/users/${bob.id}/`)).body.is_blocked).toBe(true)
  expect((await bob.get(`/api/users/${alice.id}/`)).body.is_blocked).toBe(false)

  for (const _time of ['first', 'second']) expect(await unblock(alice, bob)).toMatchObject({ status: 204 })
  expect((await alice.get('/api/blocks/')).body).toEqual([])
  expect(await eventsOf(server, alice)).toEqual([
    { type: 'user.blocked', data: { user: first.body } },
    { type: 'user.unblocked', data: { user_id: bob.id } },
  ])
  expect(await eventsOf(server, bob)).toEqual([])
})

test('a block ends the friendship, and lifting it does not bring it back', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)

  await block(alice, bob)

  expect((await alice.get('/api/friends/')).body).toEqual([])
  expect((await bob.get(`/api/users/${alice.id}/`)).body.friendship_status).toBeNull()
  expect(await eventsOf(server, bob, 'friend.removed')).toMatchObject([{ data: { user_id: alice.id } }])
  await unblock(alice, bob)
  expect((await alice.get('/api/friends/')).body).toEqual([])
})

test.each(['sent by the blocker', 'sent by the blocked'])('a block ends a pending request %s', async (which) => {
  const [alice, bob] = await server.people('alice', 'bob')
  const [from, to] = which === 'sent by the blocker' ? [alice, bob] : [bob, alice]
  const id = await ask(from, to)

  await block(alice, bob)

  expect(await to.post(`/api/friend-requests/${id}/accept/`)).toMatchObject({ status: 404 })
  expect((await bob.get('/api/friend-requests/')).body).toEqual([])
  expect(await eventsOf(server, bob, 'friend_request.cancelled')).toHaveLength(1)
})

test('neither can ask the other, and neither is told why', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await block(alice, bob)

  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    expect(await from.post('/api/friend-requests/', { to_user: to.id })).toMatchObject({
      status: 403,
      body: { error: 'You cannot send a friend request to this user.' },
    })
  }
  await unblock(alice, bob)
  expect(await ask(bob, alice)).toBeGreaterThan(0)
})

test('neither can write to the other, in the direct room of before or in a new one', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const { roomId } = await server.befriend(alice, bob)
  await block(alice, bob)
  await block(alice, carol)
  const refused = { status: 403, body: { detail: 'You cannot message this person.' } }

  for (const person of [alice, bob]) {
    expect(await person.post(`/api/chatrooms/${roomId}/messages/`, { content: 'hello' })).toMatchObject(refused)
  }
  expect(await carol.post('/api/chatrooms/', { participant_ids: [alice.id] })).toMatchObject(refused)
  expect(await alice.post('/api/chatrooms/', { participant_ids: [carol.id] })).toMatchObject(refused)
})

test('who is blocked does not find the blocker, who still finds them', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await block(alice, bob)

  expect((await bob.get(`/api/users/?search=${alice.username}`)).body).toEqual([])
  expect((await alice.get(`/api/users/?search=${bob.username}`)).body).toMatchObject([{ id: bob.id, is_blocked: true }])
})

test('from a block on each looks offline to the other, at once', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)
  await Promise.all([alice.connect('/ws/sidebar/'), bob.connect('/ws/sidebar/')])
  const heard: unknown[] = []
  for (const person of [alice, bob]) {
    await server.core.services.realtime.hub.subscribe([topicOf('user', person.id)], {
      onEvent: () => {},
      onSignal: ({ type, topic, data }) => heard.push({ type, topic, data }),
      onLost: () => {},
    })
  }

  await block(alice, bob)

  const offline = (to: Person, about: Person) => ({
    type: 'presence',
    topic: topicOf('user', to.id),
    data: { user_id: about.id, online_status: false, status: 'offline', last_seen: null },
  })
  const both = [offline(alice, bob), offline(bob, alice)]
  await vi.waitFor(() => expect(heard).toEqual(expect.arrayContaining(both)), 10_000)
})

test('of many blocks at once one is the first', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  await server.befriend(alice, bob)

  const replies = await Promise.all(Array.from({ length: 8 }, () => block(alice, bob)))

  expect(countStatuses(replies)).toEqual({ 200: 7, 201: 1 })
  expect(await eventsOf(server, alice, 'user.blocked', 'friend.removed')).toHaveLength(2)
})

test('a block and a request at once leave no request pending', async () => {
  for (let round = 0; round < 8; round++) {
    const [alice, bob] = await server.people('alice', 'bob')
    const request = () => bob.post('/api/friend-requests/', { to_user: alice.id })

    const [asked, blocked] = await Promise.all(
      round % 2 ? [request(), block(alice, bob)] : [block(alice, bob), request()].reverse(),
    )

    expect([201, 403]).toContain(asked?.status)
    expect(blocked?.status).toBe(201)
    expect((await bob.get('/api/friend-requests/')).body).toEqual([])
  }
})

test('a block and an acceptance at once leave no friendship', async () => {
  for (let round = 0; round < 8; round++) {
    const [alice, bob] = await server.people('alice', 'bob')
    const id = await ask(bob, alice)

    const [accepted, blocked] = await Promise.all([alice.post(`/api/friend-requests/${id}/accept/`), block(bob, alice)])

    expect([200, 404]).toContain(accepted.status)
    expect(blocked.status).toBe(201)
    expect((await alice.get('/api/friends/')).body).toEqual([])
  }
})

test('the list is latest first and comes in pages', async () => {
  const [alice, ...others] = await server.people('alice', 'bob', 'carol', 'dave')
  for (const other of others) await block(alice, other)

  const seen: number[] = []
  let path: string | undefined = '/api/blocks/?limit=1'
  while (path !== undefined) {
    const reply = expectStatus(await alice.get(path), 200)
    seen.push(...reply.body.map((blocked: { id: number }) => blocked.id))
    path = nextOf(reply)
  }

  expect(seen).toEqual(others.map((other) => other.id).reverse())
})

test('nobody blocks themselves or nobody, or reads with a cursor of their own making', async () => {
  const [alice] = await server.people('alice')
  const forged = Buffer.from(JSON.stringify(['blocks', 0, 'x', 1])).toString('base64url')

  expect(await block(alice, alice)).toMatchObject({ status: 400, body: { detail: 'You cannot block yourself.' } })
  for (const method of ['POST', 'DELETE']) {
    expect(await alice.request(method, '/api/users/999999/block/')).toMatchObject({
      status: 404,
      body: { detail: 'No User matches the given query.' },
    })
    expect(await server.anonymous.request(method, `/api/users/${alice.id}/block/`)).toMatchObject({ status: 401 })
  }
  expect(await alice.get(`/api/blocks/?cursor=${forged}`)).toMatchObject({ status: 404 })
})
