import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { ask, countStatuses, directRooms, eventsOf, nextOf } from './testing.ts'

const server = await startTestServer()
const NOT_FOUND = { status: 404, body: { error: 'Friend request not found.' } }
const times = <T>(count: number, call: () => Promise<T>) => Promise.all(Array.from({ length: count }, call))
const act = (person: Person, id: number, action: string) => person.post(`/api/friend-requests/${id}/${action}/`)

test('a request is shown to both, to nobody else, and both are told', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')

  const created = await alice.post('/api/friend-requests/', { to_user: bob.id })

  const { id, created_at } = created.body
  const request = { id, from_user: alice.id, to_user: bob.id, status: 'pending', created_at, updated_at: created_at }
  expect(created).toMatchObject({ status: 201, body: request })
  expect(Object.keys(created.body)).toEqual(Object.keys(request))
  for (const party of [alice, bob]) {
    expect((await party.get('/api/friend-requests/')).body).toEqual([request])
    expect(await party.get(`/api/friend-requests/${id}/`)).toMatchObject({ status: 200, body: request })
  }
  expect((await carol.get('/api/friend-requests/')).body).toEqual([])
  expect(await carol.get(`/api/friend-requests/${id}/`)).toMatchObject({
    status: 404,
    body: { detail: 'No FriendRequest matches the given query.' },
  })
  const [tellsAlice] = await eventsOf(server, alice)
  const [tellsBob] = await eventsOf(server, bob)
  expect(tellsAlice).toEqual({
    type: 'friend_request.created',
    data: { request, user: { id: bob.id, username: bob.username, full_name: null, profile_pic: null } },
  })
  expect(tellsBob).toMatchObject({ type: 'friend_request.created', data: { request, user: { id: alice.id } } })
  expect(await eventsOf(server, carol)).toEqual([])
})

test('the recipient is notified of the request, and the sender of its acceptance', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)
  const bobs = await bob.get('/api/notifications/')
  expectStatus(await act(bob, id, 'accept'), 200)
  const alices = await alice.get('/api/notifications/')

  expect(bobs.body).toMatchObject([
    { notification_type: 'friend_request', friend_request: 'made', sender: alice.username },
  ])
  expect(alices.body).toMatchObject([
    {
      notification_type: 'friend_request',
      friend_request: 'accepted',
      sender: bob.username,
      message: `${bob.username} accepted your friend request.`,
    },
  ])
})

test('the id may be a numeric string, in JSON and in forms', async () => {
  const [alice, bob, carol, dave] = await server.people('alice', 'bob', 'carol', 'dave')
  const send = (options: Parameters<Person['post']>[2]) => alice.post('/api/friend-requests/', undefined, options)

  expect((await alice.post('/api/friend-requests/', { to_user: String(bob.id) })).status).toBe(201)
  expect((await send({ form: { to_user: carol.id } })).status).toBe(201)
  expect((await send({ urlencoded: { to_user: dave.id } })).status).toBe(201)
})

test.each([
  ['somebody unknown', { to_user: 999_999 }],
  ['nobody', {}],
  ['null', { to_user: null }],
  ['text', { to_user: 'abc' }],
  ['blank text', { to_user: '' }],
  ['a list', { to_user: [2] }],
  ['an object', { to_user: { id: 2 } }],
  ['a truth value', { to_user: true }],
  ['a fraction', { to_user: 1.5 }],
  ['an id beyond 64 bits', { to_user: '99999999999999999999' }],
  ['a number beyond 64 bits', { to_user: 1e300 }],
  ['a negative id', { to_user: -1 }],
])('a request to %s is a request to nobody', async (_what, body) => {
  const [alice] = await server.people('alice')

  expect(await alice.post('/api/friend-requests/', body)).toMatchObject({
    status: 404,
    body: { error: 'Recipient user not found.' },
  })
})

test('one cannot ask oneself, ask twice, ask whoever has asked, or ask a friend', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const toBob = () => alice.post('/api/friend-requests/', { to_user: bob.id })
  const toAlice = () => bob.post('/api/friend-requests/', { to_user: alice.id })

  expect(await alice.post('/api/friend-requests/', { to_user: alice.id })).toMatchObject({
    status: 400,
    body: { error: 'You cannot send a friend request to yourself.' },
  })
  const id = await ask(alice, bob)
  expect(await toBob()).toMatchObject({
    status: 409,
    body: { error: 'You already have a pending request to this user.' },
  })
  expect(await toAlice()).toMatchObject({
    status: 409,
    body: { error: 'This user has already sent you a friend request. Please accept or reject it instead.' },
  })
  await act(bob, id, 'accept')
  for (const again of [toBob, toAlice]) {
    expect(await again()).toMatchObject({ status: 409, body: { error: 'You are already friends with this user.' } })
  }
})

test('accepting makes friends, opens the direct room, and tells both of all of it', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)

  expect(await act(bob, id, 'accept')).toMatchObject({ status: 200, body: { detail: 'Friend request accepted.' } })

  expect((await alice.get(`/api/friend-requests/${id}/`)).body.status).toBe('accepted')
  expect(await directRooms(alice, bob)).toHaveLength(1)
  expect(await directRooms(bob, alice)).toEqual([expect.objectContaining({ chat_name: alice.username })])
  for (const [me, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    expect((await me.get(`/api/users/${other.id}/`)).body).toMatchObject({
      friendship_status: 'friends',
      outgoing_request_id: null,
      incoming_request_id: null,
    })
    const events = await eventsOf(server, me)
    expect(events.map((event) => event.type)).toEqual([
      'friend_request.created',
      'room.created',
      'friend_request.accepted',
      'friend.added',
    ])
    expect(events.at(-2)).toMatchObject({ data: { request: { id, status: 'accepted' }, user: { id: other.id } } })
    expect(events.at(-1)).toMatchObject({ data: { user: { id: other.id } } })
  }
})

test('an accepted request can be neither answered again nor cancelled', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)
  await act(bob, id, 'accept')

  const handled = { status: 410, body: { error: 'This friend request has already been accepted.' } }
  expect(await act(bob, id, 'accept')).toMatchObject(handled)
  expect(await act(bob, id, 'reject')).toMatchObject(handled)
  expect(await act(alice, id, 'cancel')).toMatchObject({
    status: 410,
    body: { error: 'This request has already been accepted and cannot be cancelled.' },
  })
})

test('a rejected request can be neither answered again nor cancelled, but one may ask anew', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)

  expect(await act(bob, id, 'reject')).toMatchObject({ status: 200, body: { detail: 'Friend request rejected.' } })

  expect(await act(bob, id, 'reject')).toMatchObject({
    status: 410,
    body: { error: 'This friend request has already been rejected.' },
  })
  expect(await act(alice, id, 'cancel')).toMatchObject({
    status: 410,
    body: { error: 'This request has already been rejected and cannot be cancelled.' },
  })
  const anew = await ask(alice, bob)
  expect(anew).not.toBe(id)
  expect(await directRooms(alice, bob)).toEqual([])
  for (const party of [alice, bob]) {
    expect(await eventsOf(server, party, 'friend_request.rejected')).toMatchObject([{ data: { request: { id } } }])
  }
})

test('a cancelled request is gone, and both are told', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)

  expect(await act(alice, id, 'cancel')).toMatchObject({ status: 200, body: { detail: 'Friend request cancelled.' } })

  expect(await act(alice, id, 'cancel')).toMatchObject(NOT_FOUND)
  expect(await act(bob, id, 'accept')).toMatchObject(NOT_FOUND)
  expect((await bob.get('/api/friend-requests/')).body).toEqual([])
  for (const party of [alice, bob]) {
    expect(await eventsOf(server, party, 'friend_request.cancelled')).toEqual([
      { type: 'friend_request.cancelled', data: { request_id: id, from_user: alice.id, to_user: bob.id } },
    ])
  }
})

test('only who was asked may answer, only who asked may cancel, and to others there is no request', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const id = await ask(alice, bob)

  const notToYou = { status: 403, body: { error: 'You can only modify friend requests sent to you.' } }
  expect(await act(alice, id, 'accept')).toMatchObject(notToYou)
  expect(await act(alice, id, 'reject')).toMatchObject(notToYou)
  expect(await act(bob, id, 'cancel')).toMatchObject({
    status: 403,
    body: { error: 'You can only cancel requests you sent.' },
  })
  for (const action of ['accept', 'reject', 'cancel']) {
    expect(await act(carol, id, action), action).toMatchObject(NOT_FOUND)
    expect(await act(bob, 999_999, action), action).toMatchObject(NOT_FOUND)
    expect(await server.anonymous.post(`/api/friend-requests/${id}/${action}/`), action).toMatchObject({ status: 401 })
    expect(await bob.get(`/api/friend-requests/${id}/${action}/`), action).toMatchObject({
      status: 405,
      body: { detail: 'Method "GET" not allowed.' },
    })
  }
  expect(await bob.patch(`/api/friend-requests/${id}/`, { status: 'accepted' })).toMatchObject({ status: 405 })
  expect(await alice.delete(`/api/friend-requests/${id}/`)).toMatchObject({ status: 405 })
  expect((await bob.get(`/api/friend-requests/${id}/`)).body.status).toBe('pending')
})

test('becoming friends again brings the direct room of before', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { roomId } = await server.befriend(alice, bob)
  expectStatus(await alice.delete(`/api/friends/${bob.id}/`), 200)

  await server.befriend(bob, alice)

  expect(await directRooms(alice, bob)).toMatchObject([{ id: roomId }])
})

test('of many acceptances at once one counts, and one direct room opens', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const id = await ask(alice, bob)

  const replies = await times(8, () => act(bob, id, 'accept'))

  expect(countStatuses(replies)).toEqual({ 200: 1, 410: 7 })
  expect(await directRooms(alice, bob)).toHaveLength(1)
  expect(await eventsOf(server, alice, 'friend.added', 'room.created')).toHaveLength(2)
  expect((await alice.get('/api/notifications/')).body).toHaveLength(1)
})

test('of many requests at once, from both sides, one is pending', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  const replies = await Promise.all([
    times(6, () => alice.post('/api/friend-requests/', { to_user: bob.id })),
    times(6, () => bob.post('/api/friend-requests/', { to_user: alice.id })),
  ])

  expect(countStatuses(replies.flat())).toEqual({ 201: 1, 409: 11 })
  expect((await alice.get('/api/friend-requests/')).body).toHaveLength(1)
  expect(await eventsOf(server, bob)).toHaveLength(1)
})

test('accepting, rejecting and cancelling at once have one outcome', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  for (let round = 0; round < 12; round++) {
    const id = await ask(alice, bob)
    const calls = [() => act(bob, id, 'accept'), () => act(alice, id, 'cancel'), () => act(bob, id, 'reject')]
    const start = round % 3
    const replies = await Promise.all([...calls.slice(start), ...calls.slice(0, start), ...calls].map((call) => call()))

    const done = replies.filter((reply) => reply.status === 200)
    expect(done, JSON.stringify(replies.map((reply) => reply.body))).toHaveLength(1)
    const outcome: string = done[0]?.body.detail
    const request = await alice.get(`/api/friend-requests/${id}/`)
    const { friendship_status } = (await alice.get(`/api/users/${bob.id}/`)).body
    const isAccepted = outcome === 'Friend request accepted.'
    expect(friendship_status).toBe(isAccepted ? 'friends' : null)
    expect(request.body.status).toBe(
      isAccepted ? 'accepted' : outcome === 'Friend request rejected.' ? 'rejected' : undefined,
    )
    if (isAccepted) expectStatus(await alice.delete(`/api/friends/${bob.id}/`), 200)
  }
})

test('the list comes in pages', async () => {
  const [alice, ...others] = await server.people('alice', 'bob', 'carol', 'dave', 'eve')
  const ids: number[] = []
  for (const [index, other] of others.entries()) {
    ids.push(await (index % 2 ? ask(alice, other) : ask(other, alice)))
  }

  const seen: number[] = []
  let path: string | undefined = '/api/friend-requests/?limit=3'
  while (path !== undefined) {
    const reply = expectStatus(await alice.get(path), 200)
    seen.push(...reply.body.map((request: { id: number }) => request.id))
    path = nextOf(reply)
  }

  expect(seen).toEqual(ids)
})
