import { describe, expect, test } from 'vitest'
import { enter, form, picture, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob, carol, dave, eve } = cast
await alice.patch(
  '/api/profile/',
  undefined,
  form({ first_name: 'Alice', last_name: 'L.', profile_pic: picture }).options,
)
const direct = (await server.befriend(alice, bob)).roomId
const party = (await server.group(alice, [bob, carol], 'Tea party')).id

const NO_ROOM = { detail: 'No ChatRoom matches the given query.' }
const NO_USER = { detail: 'No User matches the given query.' }
const FORBIDDEN = { detail: 'You do not have permission to perform this action.' }
const ONLY_ADMINS = { detail: 'Only admins can add members' }
const THERE_ALREADY = { detail: 'Users are already in the room' }

const aliceIn = {
  id: 1,
  username: 'alice',
  full_name: 'Alice L.',
  is_admin: true,
  online_status: false,
  last_seen: null,
}
const bobIn = { ...aliceIn, id: 2, username: 'bob', full_name: null, is_admin: false, profile_pic: null }
const carolIn = { ...bobIn, id: 3, username: 'carol' }
const daveIn = { ...bobIn, id: 4, username: 'dave' }
const room = { id: party, is_group: true, admins: [{ id: 1 }], group_image: null, chat_name: 'Tea party' }

describe('participants and shareable_link', () => {
  const participants = `GET /api/chatrooms/${party}/participants/`
  const link = `GET /api/chatrooms/${party}/shareable_link/`
  replay(cast, [
    [
      'member',
      'bob',
      participants,
      undefined,
      200,
      [
        { id: 1, username: 'alice', is_admin: true },
        { id: 2, username: 'bob', is_admin: false },
        { id: 3, username: 'carol', is_admin: false },
      ],
    ],
    ['not a member', 'eve', participants, undefined, 404, NO_ROOM],
    [
      'private room',
      'alice',
      `GET /api/chatrooms/${direct}/participants/`,
      undefined,
      200,
      [
        { id: 1, username: 'alice', is_admin: false },
        { id: 2, username: 'bob', is_admin: false },
      ],
    ],
    [
      'POST',
      'bob',
      `POST /api/chatrooms/${party}/participants/`,
      undefined,
      405,
      { detail: 'Method "POST" not allowed.' },
    ],
    ['link, as a member', 'bob', link, undefined, 200, { room_id: '<uuid>' }],
    ['link, not a member', 'eve', link, undefined, 404, NO_ROOM],
    [
      'a private room has no link',
      'bob',
      `GET /api/chatrooms/${direct}/shareable_link/`,
      undefined,
      405,
      { detail: 'A private chat has no link.' },
    ],
  ])

  test('by the link one joins, which nothing in the original allowed', async () => {
    const { room_id } = (await bob.get(`/api/chatrooms/${party}/shareable_link/`)).body
    const guest = await enter(server, 'guest')
    expectRecorded(await guest.post(`/api/chatrooms/join/${room_id}/`), 200, { id: party })
    expectRecorded(await guest.post(`/api/chatrooms/${party}/leave_room/`), 200)
  })
})

describe('add_members', () => {
  const add = `POST /api/chatrooms/${party}/add_members/`
  const addDirect = `POST /api/chatrooms/${direct}/add_members/`
  const four = { ...room, participants: [aliceIn, bobIn, carolIn, daveIn] }
  replay(cast, [
    ['by a member who is no admin', 'bob', add, { users: [4] }, 403, ONLY_ADMINS],
    ['not a member', 'eve', add, { users: [4] }, 404, NO_ROOM],
    ['by an admin', 'alice', add, { users: [4] }, 200, four],
    ['already a member', 'alice', add, { users: [4] }, 400, THERE_ALREADY],
    [
      'one new and one old',
      'alice',
      add,
      { users: [4, 5] },
      200,
      { ...room, participants: [aliceIn, bobIn, carolIn, daveIn, { id: 5, username: 'eve' }] },
    ],
    ['empty list', 'alice', add, { users: [] }, 400, THERE_ALREADY],
    ['no `users`', 'alice', add, {}, 400, THERE_ALREADY],
    ['`user_ids` instead', 'alice', add, { user_ids: [5] }, 400, THERE_ALREADY],
    ['unknown people are named', 'alice', add, { users: [99_999] }, 400, { users: { 0: ['No such user: 99999.'] } }],
    [
      '`users` not a list (500 in the original)',
      'alice',
      add,
      { users: 5 },
      400,
      { users: ['Expected a list of items but got type "int".'] },
    ],
    [
      'not numbers (500 in the original)',
      'alice',
      add,
      { users: ['abc'] },
      400,
      { users: { 0: ['A valid integer is required.'] } },
    ],
    [
      '`users` a string is not read digit by digit',
      'alice',
      add,
      { users: '5' },
      400,
      { users: ['Expected a list of items but got type "str".'] },
    ],
    [
      'private, the other member',
      'alice',
      addDirect,
      { users: [2] },
      400,
      { detail: 'One or more users are already in the room' },
    ],
    [
      'private, unknown people make no group',
      'alice',
      addDirect,
      { users: [99_999] },
      400,
      { users: { 0: ['No such user: 99999.'] } },
    ],
    [
      'private, a third person: a new group, the two its admins',
      'alice',
      addDirect,
      { users: [3] },
      201,
      {
        is_group: true,
        participants: [aliceIn, { ...bobIn, is_admin: true }, carolIn],
        admins: [{ id: 1 }, { id: 2 }],
        group_image: null,
        chat_name: 'Group (alice, bob, carol)',
      },
    ],
    [
      'the private room is still there',
      'alice',
      `GET /api/chatrooms/${direct}/`,
      undefined,
      200,
      { id: direct, is_group: false, chat_name: 'bob' },
    ],
  ])
})

describe('assign_admin', () => {
  const assign = `POST /api/chatrooms/${party}/assign_admin/`
  const done = { detail: 'bob is now an admin.' }
  test('eve goes', async () => {
    expectRecorded(await eve.post(`/api/chatrooms/${party}/leave_room/`), 200, { detail: 'Successfully left the room' })
  })
  replay(cast, [
    ['by a member who is no admin', 'bob', assign, { user_id: 3 }, 403, FORBIDDEN],
    ['not a member', 'eve', assign, { user_id: 3 }, 404, NO_ROOM],
    ['target is not a participant', 'alice', assign, { user_id: 5 }, 400, { detail: 'User is not a participant.' }],
    ['unknown user', 'alice', assign, { user_id: 99_999 }, 404, NO_USER],
    ['missing user_id', 'alice', assign, {}, 404, NO_USER],
    [
      'not a number (500 in the original)',
      'alice',
      assign,
      { user_id: 'abc' },
      400,
      { user_id: ['A valid integer is required.'] },
    ],
    ['ok', 'alice', assign, { user_id: 2 }, 200, done],
    ['again', 'alice', assign, { user_id: 2 }, 200, done],
    [
      'private room (500 in the original)',
      'alice',
      `POST /api/chatrooms/${direct}/assign_admin/`,
      { user_id: 2 },
      405,
      { detail: 'Cannot assign admin in private chat.' },
    ],
  ])
})

describe('remove_member', () => {
  const remove = `POST /api/chatrooms/${party}/remove_member/`
  const removed = { detail: 'User removed successfully.' }
  const yourself = { detail: 'You cannot remove yourself from the room.' }
  replay(cast, [
    ['by a member who is no admin', 'carol', remove, { user_id: 4 }, 403, FORBIDDEN],
    ['not a member', 'eve', remove, { user_id: 4 }, 404, NO_ROOM],
    ['oneself', 'alice', remove, { user_id: 1 }, 400, yourself],
    ["one's own id as a string is still oneself", 'alice', remove, { user_id: '1' }, 400, yourself],
    ['missing user_id', 'alice', remove, {}, 400, { detail: 'User ID is required.' }],
    ['unknown user', 'alice', remove, { user_id: 99_999 }, 404, NO_USER],
    ['not a participant', 'alice', remove, { user_id: 5 }, 400, { detail: 'User is not a participant in this room.' }],
    [
      'not a number (500 in the original)',
      'alice',
      remove,
      { user_id: 'abc' },
      400,
      { user_id: ['A valid integer is required.'] },
    ],
    [
      'private room',
      'alice',
      `POST /api/chatrooms/${direct}/remove_member/`,
      { user_id: 2 },
      405,
      { detail: 'Cannot remove members in private chat.' },
    ],
  ])

  test('who is removed hears nothing more of the room, on the open socket or over REST', async () => {
    const daves = await dave.connect(`/ws/chat/${party}/`)
    expectRecorded(await alice.post(`/api/chatrooms/${party}/remove_member/`, { user_id: 4 }), 200, removed)
    await daves.closed()
    expectRecorded(await alice.post(`/api/chatrooms/${party}/messages/`, { content: 'dave is gone, right?' }), 201, {
      content: 'dave is gone, right?',
      image: null,
    })
    expect(daves.pending()).toEqual([])
    expectRecorded(await dave.get(`/api/chatrooms/${party}/messages/`), 404, NO_ROOM)
  })

  replay(cast, [
    ['an admin removes another admin', 'bob', remove, { user_id: 1 }, 200, removed],
    [
      '…and adds her back',
      'bob',
      `POST /api/chatrooms/${party}/add_members/`,
      { users: [1] },
      200,
      {
        ...room,
        participants: [{ ...aliceIn, is_admin: false }, { ...bobIn, is_admin: true }, carolIn],
        admins: [{ id: 2 }],
      },
    ],
    ['the last admin cannot remove himself', 'bob', remove, { user_id: '2' }, 400, yourself],
    [
      'the group keeps its admin',
      'alice',
      `GET /api/chatrooms/${party}/participants/`,
      undefined,
      200,
      [
        { id: 1, is_admin: false },
        { id: 2, is_admin: true },
        { id: 3, is_admin: false },
      ],
    ],
    [
      'who is no admin adds nobody',
      'alice',
      `POST /api/chatrooms/${party}/add_members/`,
      { users: [4] },
      403,
      ONLY_ADMINS,
    ],
  ])
})

describe('leave_room', async () => {
  const pictures = (await server.group(alice, [bob, carol], 'Pictures')).id
  const leave = `POST /api/chatrooms/${pictures}/leave_room/`
  const left = { detail: 'Successfully left the room' }
  const assignFirst = { detail: 'Please assign a new admin before leaving.' }
  replay(cast, [
    ['not a member', 'eve', leave, {}, 404, NO_ROOM],
    ['the only admin, three members', 'alice', leave, {}, 400, assignFirst],
  ])

  test('who leaves hears nothing more of the room', async () => {
    const carols = await carol.connect(`/ws/chat/${pictures}/`)
    expectRecorded(await carol.post(`/api/chatrooms/${pictures}/leave_room/`, {}), 200, left)
    await carols.closed()
    await alice.post(`/api/chatrooms/${pictures}/messages/`, { content: 'after carol left' })
    expect(carols.pending()).toEqual([])
  })

  replay(cast, [
    ['again', 'carol', leave, {}, 404, NO_ROOM],
    ['the only admin, two members: somebody has to be admin', 'alice', leave, {}, 400, assignFirst],
    ['she makes bob one', 'alice', `POST /api/chatrooms/${pictures}/assign_admin/`, { user_id: 2 }, 200],
    ['and goes', 'alice', leave, {}, 200, left],
    [
      '(bob, alone)',
      'bob',
      `GET /api/chatrooms/${pictures}/`,
      undefined,
      200,
      { participants: [{ ...bobIn, is_admin: true }], admins: [{ id: 2 }], chat_name: 'Pictures' },
    ],
    ['the last member', 'bob', leave, {}, 200, left],
    ['a private room is hidden, not left', 'alice', `POST /api/chatrooms/${direct}/leave_room/`, {}, 200, left],
    [
      '…so that the other one sees it as before',
      'bob',
      `GET /api/chatrooms/${direct}/`,
      undefined,
      200,
      { is_group: false, chat_name: 'Alice L.', participants: [{ id: 1 }, { id: 2 }] },
    ],
  ])
})

describe('the member limit', async () => {
  const small = await startCast({ MAX_GROUP_MEMBERS: '3' })
  const limit = { non_field_errors: ['A group cannot have more than 3 members.'] }

  test('holds for every way into a group', async () => {
    const create = (ids: number[]) => small.alice.post('/api/chatrooms/', { room_name: 'big', participant_ids: ids })
    expectRecorded(await create([2, 3, 4]), 400, limit)
    const { id } = (await create([2, 3])).body
    expectRecorded(await small.alice.post(`/api/chatrooms/${id}/add_members/`, { users: [4] }), 400, limit)
  })
})
