import { describe, expect, test } from 'vitest'
import { form, picture, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { alice, bob, dave, eve } = cast
await alice.patch(
  '/api/profile/',
  undefined,
  form({ first_name: 'Alice', last_name: 'L.', bio: 'hi', profile_pic: picture }).options,
)
await bob.patch('/api/profile/', { bio: 'x' })

const DEFAULT = 'http://127.0.0.1:58000/media/media/profile_pic/default.png'
const PICTURE = 'http://127.0.0.1:58000/media/media/profile_pic/user_1/pic.png'
const TIME = '2026-11-22T11:15:35.136745Z'
const NO_TOKEN = { detail: 'Authentication credentials were not provided.' }
const NOT_ALLOWED = (method: string) => ({ detail: `Method "${method}" not allowed.` })
const NO_REQUEST = { error: 'Friend request not found.' }
const NO_RECIPIENT = { error: 'Recipient user not found.' }

/** As others see them: the address and the friends are theirs to show, which the original showed everybody. */
const aliceSeen = {
  id: 1,
  username: 'alice',
  bio: 'hi',
  email: null,
  first_name: 'Alice',
  last_name: 'L.',
  friends: [],
  profile_pic: PICTURE,
  friendship_status: null,
  outgoing_request_id: null,
  incoming_request_id: null,
}
const bobSeen = { ...aliceSeen, id: 2, username: 'bob', bio: 'x', first_name: '', last_name: '', profile_pic: DEFAULT }

describe('/api/users/', () => {
  const list = 'GET /api/users/'
  replay(cast, [
    ['list without token', 'anonymous', list, undefined, 401, NO_TOKEN],
    [
      'list',
      'alice',
      list,
      undefined,
      200,
      [
        { ...aliceSeen, email: 'alice@example.com' },
        bobSeen,
        { username: 'carol' },
        { username: 'dave' },
        { username: 'eve' },
      ],
    ],
    ['retrieve', 'alice', 'GET /api/users/2/', undefined, 200, bobSeen],
    ['retrieve oneself', 'alice', 'GET /api/users/1/', undefined, 200, { ...aliceSeen, email: 'alice@example.com' }],
    ['unknown', 'alice', 'GET /api/users/99999/', undefined, 404, { detail: 'No User matches the given query.' }],
    ['not a number', 'alice', 'GET /api/users/abc/', undefined, 404, { detail: 'Not found.' }],
    ['POST', 'alice', 'POST /api/users/', {}, 405, NOT_ALLOWED('POST')],
    ['DELETE', 'alice', 'DELETE /api/users/2/', undefined, 405, NOT_ALLOWED('DELETE')],
    ['NUL in the search', 'alice', 'GET /api/users/?search=%00', undefined, 400, ['Null characters are not allowed.']],
    ['without its slash it is answered, not redirected', 'alice', 'GET /api/users', undefined, 200],
  ])

  const everyone = ['alice', 'bob', 'carol', 'dave', 'eve']
  test.each([
    ['', everyone],
    ['?search=al', ['alice']],
    ['?search=AL', ['alice']],
    ['?search=Lidd', []],
    ['?search=L.', ['alice']],
    ['?search=example.com', []],
    ['?search=zzz', []],
    ['?search=a,b', []],
    ['?search=al%20ice', ['alice']],
    ['?search=', everyone],
    ['?ordering=username', everyone],
    ['?ordering=-username', everyone.toReversed()],
    ['?ordering=email', everyone],
    ['?ordering=id', everyone],
    ['?ordering=bogus', everyone],
    ['?search=a&ordering=-username', ['dave', 'carol', 'alice']],
    ['?page=2', everyone],
  ])('GET /api/users/%s', async (query, names) => {
    const { status, body } = await alice.get(`/api/users/${query}`)
    expect(status).toBe(200)
    expect(body.map((user: { username: string }) => user.username)).toEqual(names)
  })

  test('names are ordered by the first name, those without one first', async () => {
    const { body } = await alice.get('/api/users/?ordering=first_name')
    expect(body.at(-1)).toMatchObject({ username: 'alice' })
  })
})

describe('/api/friend-requests/', () => {
  const create = 'POST /api/friend-requests/'
  const pending = { id: 1, from_user: 1, to_user: 2, status: 'pending', created_at: TIME, updated_at: TIME }
  const toDave = { ...pending, id: 2, to_user: 4 }
  replay(cast, [
    ['create without token', 'anonymous', create, { to_user: 2 }, 401, NO_TOKEN],
    ['create: alice → bob', 'alice', create, { to_user: 2 }, 201, pending],
    ['again', 'alice', create, { to_user: 2 }, 409, { error: 'You already have a pending request to this user.' }],
    [
      'reverse while pending',
      'bob',
      create,
      { to_user: 1 },
      409,
      { error: 'This user has already sent you a friend request. Please accept or reject it instead.' },
    ],
    ['to oneself', 'alice', create, { to_user: 1 }, 400, { error: 'You cannot send a friend request to yourself.' }],
    ['unknown recipient', 'alice', create, { to_user: 99_999 }, 404, NO_RECIPIENT],
    ['to_user missing', 'alice', create, {}, 404, NO_RECIPIENT],
    ['to_user null', 'alice', create, { to_user: null }, 404, NO_RECIPIENT],
    ['to_user not a number (500 in the original)', 'alice', create, { to_user: 'abc' }, 404, NO_RECIPIENT],
    ['to_user a list (500 in the original)', 'alice', create, { to_user: [2] }, 404, NO_RECIPIENT],
    ['to_user as a numeric string', 'alice', create, { to_user: '4' }, 201, { ...toDave, id: expect.any(Number) }],
    ['list as recipient', 'bob', 'GET /api/friend-requests/', undefined, 200, [pending]],
    ['list as somebody else', 'carol', 'GET /api/friend-requests/', undefined, 200, []],
    ['retrieve as recipient', 'bob', 'GET /api/friend-requests/1/', undefined, 200, pending],
    [
      'retrieve as somebody else',
      'carol',
      'GET /api/friend-requests/1/',
      undefined,
      404,
      { detail: 'No FriendRequest matches the given query.' },
    ],
    [
      'alice sees bob',
      'alice',
      'GET /api/users/2/',
      undefined,
      200,
      { ...bobSeen, friendship_status: 'request_sent', outgoing_request_id: 1 },
    ],
    [
      'bob sees alice',
      'bob',
      'GET /api/users/1/',
      undefined,
      200,
      { ...aliceSeen, friendship_status: 'request_received', incoming_request_id: 1 },
    ],
    ['PATCH', 'bob', 'PATCH /api/friend-requests/1/', { status: 'accepted' }, 405, NOT_ALLOWED('PATCH')],
    ['DELETE', 'alice', 'DELETE /api/friend-requests/1/', undefined, 405, NOT_ALLOWED('DELETE')],
  ])

  test('list as sender', async () => {
    const reply = await alice.get('/api/friend-requests/')
    const oldestFirst = { ...reply, body: reply.body.toSorted((a: { id: number }, b: { id: number }) => a.id - b.id) }
    expectRecorded(oldestFirst, 200, [pending, { ...toDave, id: expect.any(Number) }])
  })
})

describe('accept', () => {
  const accept = 'POST /api/friend-requests/1/accept/'
  const done = { error: 'This friend request has already been accepted.' }
  const room = { group_image: DEFAULT, chat_name: 'bob', is_group: false, last_message: null }
  replay(cast, [
    ['by the sender', 'alice', accept, undefined, 403, { error: 'You can only modify friend requests sent to you.' }],
    ['by somebody else', 'carol', accept, undefined, 404, NO_REQUEST],
    ['unknown id', 'bob', 'POST /api/friend-requests/99999/accept/', undefined, 404, NO_REQUEST],
    ['GET', 'bob', 'GET /api/friend-requests/1/accept/', undefined, 405, NOT_ALLOWED('GET')],
    ['by the recipient', 'bob', accept, undefined, 200, { detail: 'Friend request accepted.' }],
    ['again', 'bob', accept, undefined, 410, done],
    [
      'cancel after accept',
      'alice',
      'POST /api/friend-requests/1/cancel/',
      undefined,
      410,
      { error: 'This request has already been accepted and cannot be cancelled.' },
    ],
    ['reject after accept', 'bob', 'POST /api/friend-requests/1/reject/', undefined, 410, done],
    [
      'new request while friends',
      'alice',
      'POST /api/friend-requests/',
      { to_user: 2 },
      409,
      { error: 'You are already friends with this user.' },
    ],
    [
      'the request afterwards',
      'alice',
      'GET /api/friend-requests/1/',
      undefined,
      200,
      { id: 1, from_user: 1, to_user: 2, status: 'accepted', created_at: TIME, updated_at: TIME },
    ],
    [
      'alice sees bob: a friend, and no request is pending any more',
      'alice',
      'GET /api/users/2/',
      undefined,
      200,
      { ...bobSeen, friends: [1], friendship_status: 'friends', outgoing_request_id: null },
    ],
    [
      'the private room that accepting made',
      'alice',
      'GET /api/chatrooms/',
      undefined,
      200,
      { next: null, previous: null, results: [room] },
    ],
  ])
})

describe('reject', () => {
  let request = 0
  const path = (action: string) => () => `POST /api/friend-requests/${request}/${action}/`
  test('alice asks carol', async () => {
    const reply = await alice.post('/api/friend-requests/', { to_user: 3 })
    expectRecorded(reply, 201, { from_user: 1, to_user: 3, status: 'pending' })
    request = reply.body.id
  })
  replay(cast, [
    [
      'by the sender',
      'alice',
      path('reject'),
      undefined,
      403,
      { error: 'You can only modify friend requests sent to you.' },
    ],
    ['by somebody else', 'bob', path('reject'), undefined, 404, NO_REQUEST],
    ['by the recipient', 'carol', path('reject'), undefined, 200, { detail: 'Friend request rejected.' }],
    ['again', 'carol', path('reject'), undefined, 410, { error: 'This friend request has already been rejected.' }],
    [
      'cancel a rejected one',
      'alice',
      path('cancel'),
      undefined,
      410,
      { error: 'This request has already been rejected and cannot be cancelled.' },
    ],
    [
      'alice sees carol: no request is pending',
      'alice',
      'GET /api/users/3/',
      undefined,
      200,
      { username: 'carol', friendship_status: null, outgoing_request_id: null },
    ],
    [
      'alice asks again (500 in the original)',
      'alice',
      'POST /api/friend-requests/',
      { to_user: 3 },
      201,
      { from_user: 1, to_user: 3, status: 'pending' },
    ],
  ])
})

describe('cancel', () => {
  let request = 0
  const path = () => `POST /api/friend-requests/${request}/cancel/`
  test('alice finds the request that she sent dave', async () => {
    const { body } = await dave.get('/api/users/1/')
    request = body.incoming_request_id
    expect(request).toBeGreaterThan(0)
  })
  replay(cast, [
    ['by the recipient', 'dave', path, undefined, 403, { error: 'You can only cancel requests you sent.' }],
    ['by somebody else', 'bob', path, undefined, 404, NO_REQUEST],
    ['by the sender', 'alice', path, undefined, 200, { detail: 'Friend request cancelled.' }],
    ['again', 'alice', path, undefined, 404, NO_REQUEST],
    ['unknown id', 'alice', 'POST /api/friend-requests/99999/cancel/', undefined, 404, NO_REQUEST],
  ])
})

describe('/api/friends/', () => {
  const friend = { id: 2, username: 'bob', bio: 'x', email: null, full_name: null, friends: [1], profile_pic: DEFAULT }
  const removed = { detail: 'Successfully removed bob from your friends list.' }
  const notFriends = { error: 'This user is not in your friends list.' }
  replay(cast, [
    ['list', 'alice', 'GET /api/friends/', undefined, 200, [friend]],
    ['?search=', 'alice', 'GET /api/friends/?search=zz', undefined, 200, []],
    ['list_friends (500 in the original)', 'alice', 'GET /api/friends/list_friends/', undefined, 200, [friend]],
    ['retrieve a friend', 'alice', 'GET /api/friends/2/', undefined, 200, friend],
    [
      'retrieve somebody who is no friend',
      'alice',
      'GET /api/friends/5/',
      undefined,
      404,
      { error: 'Friend not found.' },
    ],
    ['retrieve unknown', 'alice', 'GET /api/friends/99999/', undefined, 404, { error: 'Friend not found.' }],
    ['POST', 'alice', 'POST /api/friends/', {}, 405],
    ['PUT', 'alice', 'PUT /api/friends/2/', {}, 405],
    ['PATCH', 'alice', 'PATCH /api/friends/2/', {}, 405],
    ['without token', 'anonymous', 'GET /api/friends/', undefined, 401, NO_TOKEN],
    ['remove: not a friend', 'alice', 'POST /api/friends/5/remove_friend/', undefined, 400, notFriends],
    [
      'remove: unknown',
      'alice',
      'POST /api/friends/99999/remove_friend/',
      undefined,
      404,
      { error: 'User not found.' },
    ],
    ['remove: not a number (500 in the original)', 'alice', 'POST /api/friends/abc/remove_friend/', undefined, 404],
    ['GET remove_friend', 'alice', 'GET /api/friends/2/remove_friend/', undefined, 405, NOT_ALLOWED('GET')],
    ['remove', 'alice', 'POST /api/friends/2/remove_friend/', undefined, 200, removed],
    ['again', 'alice', 'POST /api/friends/2/remove_friend/', undefined, 400, notFriends],
    [
      'the private room stays',
      'alice',
      'GET /api/chatrooms/',
      undefined,
      200,
      { results: [{ chat_name: 'bob', is_group: false }] },
    ],
    [
      'bob → alice anew',
      'bob',
      'POST /api/friend-requests/',
      { to_user: 1 },
      201,
      { from_user: 2, to_user: 1, status: 'pending' },
    ],
  ])

  test('once friends again they have the room of before, and not another', async () => {
    const { incoming_request_id } = (await alice.get('/api/users/2/')).body
    expectRecorded(await alice.post(`/api/friend-requests/${incoming_request_id}/accept/`), 200, {
      detail: 'Friend request accepted.',
    })
    expectRecorded(await alice.get('/api/chatrooms/'), 200, { results: [{ chat_name: 'bob' }] })
  })

  replay(cast, [
    ['DELETE', 'alice', 'DELETE /api/friends/2/', undefined, 200, removed],
    ['DELETE again', 'alice', 'DELETE /api/friends/2/', undefined, 400, notFriends],
  ])

  test('eight accepts at the same moment: one is the acceptance, and there is one room', async () => {
    const { id } = (await eve.post('/api/friend-requests/', { to_user: 4 })).body
    const replies = await Promise.all(Array.from({ length: 8 }, () => dave.post(`/api/friend-requests/${id}/accept/`)))
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, ...Array(7).fill(410)])
    expect((await dave.get('/api/chatrooms/')).body.results).toHaveLength(1)
  })
})
