import { describe, expect, test } from 'vitest'
import { form, noPicture, picture, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob, dave } = cast
await alice.patch(
  '/api/profile/',
  undefined,
  form({ first_name: 'Alice', last_name: 'L.', profile_pic: picture }).options,
)
const direct = (await server.befriend(alice, bob)).roomId

const DEFAULT = 'http://127.0.0.1:58000/media/media/profile_pic/default.png'
const PICTURE = 'http://127.0.0.1:58000/media/media/profile_pic/user_1/pic.png'
const GROUP_PICTURE = 'http://127.0.0.1:58000/media/media/chat/group_images/pic.png'
const NO_TOKEN = { detail: 'Authentication credentials were not provided.' }
const NO_ROOM = { detail: 'No ChatRoom matches the given query.' }
const FORBIDDEN = { detail: 'You do not have permission to perform this action.' }
const ONLY_YOU = { non_field_errors: ['You cannot include only yourself in the chat'] }
const NO_NAME = { room_name: ['Group chats must have a name.'] }

const aliceIn = {
  id: 1,
  username: 'alice',
  full_name: 'Alice L.',
  is_admin: true,
  profile_pic: PICTURE,
  online_status: false,
  last_seen: null,
}
const bobIn = { ...aliceIn, id: 2, username: 'bob', full_name: null, is_admin: false, profile_pic: DEFAULT }
const carolIn = { ...bobIn, id: 3, username: 'carol' }

/** The rooms that the conversation makes, once they are made. */
const made = { party: 0, pictures: 0 }
const party =
  (method: string, path = '') =>
  () =>
    `${method} /api/chatrooms/${made.party}/${path}`

describe('POST /api/chatrooms/', () => {
  const POST = 'POST /api/chatrooms/'
  replay(cast, [
    ['without token', 'anonymous', POST, {}, 401, NO_TOKEN],
    ['nothing', 'alice', POST, {}, 400, { participant_ids: ['This field is required.'] }],
    ['no participants', 'alice', POST, { room_name: 'g', participant_ids: [] }, 400, ONLY_YOU],
    [
      'participant ids not numbers',
      'alice',
      POST,
      { room_name: 'g', participant_ids: ['a', 2] },
      400,
      { participant_ids: { 0: ['A valid integer is required.'] } },
    ],
    [
      'participant ids not a list',
      'alice',
      POST,
      { room_name: 'g', participant_ids: 3 },
      400,
      { participant_ids: ['Expected a list of items but got type "int".'] },
    ],
    ['no room name', 'alice', POST, { participant_ids: [2, 3] }, 400, NO_NAME],
    ['blank room name', 'alice', POST, { room_name: '', participant_ids: [2, 3] }, 400, NO_NAME],
    [
      'room name of 201',
      'alice',
      POST,
      { room_name: 'r'.repeat(201), participant_ids: [2, 3] },
      400,
      { room_name: ['Ensure this field has no more than 200 characters.'] },
    ],
    [
      'multipart without an image, blank name',
      'alice',
      POST,
      form({ room_name: '', participant_ids: [2, 3] }),
      400,
      NO_NAME,
    ],
    [
      'multipart participant_ids as one JSON string',
      'alice',
      POST,
      form({ room_name: 'x', participant_ids: '[2,3]' }),
      400,
      { participant_ids: { 0: ['A valid integer is required.'] } },
    ],
    [
      'image is no image',
      'alice',
      POST,
      form({ room_name: 'x', participant_ids: [2, 3], group_image: noPicture }),
      400,
      { group_image: ['Upload a valid image. The file you uploaded was either not an image or a corrupted image.'] },
    ],
  ])

  test('ok, JSON', async () => {
    const reply = await alice.post('/api/chatrooms/', { room_name: 'Tea party', participant_ids: [2, 3] })
    expectRecorded(reply, 201, { room_name: 'Tea party', group_image: null })
    made.party = reply.body.id
  })

  test('ok, multipart (participant_ids repeated, as the client sends it)', async () => {
    const sent = form({ room_name: 'Pictures', participant_ids: [2, 3], group_image: picture })
    const reply = await alice.post('/api/chatrooms/', undefined, sent.options)
    expectRecorded(reply, 201, { room_name: 'Pictures', group_image: GROUP_PICTURE })
    made.pictures = reply.body.id
  })

  replay(cast, [
    [
      'unknown people are named, not dropped',
      'eve',
      POST,
      { room_name: 'ghosts', participant_ids: [88_888, 4] },
      400,
      { participant_ids: { 0: ['No such user: 88888.'] } },
    ],
    ["one's own id does not count", 'eve', POST, { room_name: 'me', participant_ids: [5, 5] }, 400, ONLY_YOU],
    [
      'one other person and no name: the direct room of the two',
      'alice',
      POST,
      { participant_ids: [2] },
      200,
      { id: direct, is_group: false },
    ],
  ])
})

describe('GET /api/chatrooms/', () => {
  test('list', async () => {
    expectRecorded(await alice.get('/api/chatrooms/'), 200, {
      next: null,
      previous: null,
      results: [
        { id: made.pictures, group_image: GROUP_PICTURE, chat_name: 'Pictures', is_group: true, last_message: null },
        { id: made.party, group_image: null, chat_name: 'Tea party', is_group: true, last_message: null },
        { id: direct, group_image: DEFAULT, chat_name: 'bob', is_group: false, last_message: null },
      ],
    })
  })

  replay(cast, [
    ['without token', 'anonymous', 'GET /api/chatrooms/', undefined, 401, NO_TOKEN],
    [
      'somebody with no rooms',
      'eve',
      'GET /api/chatrooms/',
      undefined,
      200,
      { next: null, previous: null, results: [] },
    ],
    [
      'a cursor that is none',
      'alice',
      'GET /api/chatrooms/?cursor=bogus',
      undefined,
      404,
      { detail: 'Invalid cursor' },
    ],
  ])

  const all = ['Pictures', 'Tea party', 'bob']
  test.each([
    ['', all],
    ['?search=tea', ['Tea party']],
    ['?search=bob', all],
    ['?search=carol', ['Pictures', 'Tea party']],
    ['?search=alice', all],
    ['?search=zzz', []],
    ['?search=bob&ordering=lastmessage', all],
    ['?ordering=bogus', all],
    ['?page_size=1', all],
    ['?cursor=', all],
  ])('GET /api/chatrooms/%s', async (query, names) => {
    const { status, body } = await alice.get(`/api/chatrooms/${query}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ next: null, previous: null })
    expect(body.results.map((room: { chat_name: string }) => room.chat_name)).toEqual(names)
  })

  test('?ordering=room_name: groups by their names, and backwards with -', async () => {
    const namesBy = async (ordering: string): Promise<string[]> => {
      const { body } = await alice.get(`/api/chatrooms/?ordering=${ordering}`)
      return body.results.map((room: { chat_name: string }) => room.chat_name)
    }
    const forward = await namesBy('room_name')
    expect(forward.filter((name) => name !== 'bob')).toEqual(['Pictures', 'Tea party'])
    expect(await namesBy('-room_name')).toEqual(forward.toReversed())
  })
})

describe('more than 35 rooms', async () => {
  for (let number = 1; number <= 40; number++) {
    await server.group(cast.carol, [dave], `r${String(number).padStart(2, '0')}`)
  }
  const pageAt = async (url: string) => {
    const { status, body } = await dave.get(url)
    expect(status).toBe(200)
    return { ...body, names: body.results.map((room: { chat_name: string }) => room.chat_name) }
  }

  test('the first page has 35, the second the rest, and the way back leads to the first', async () => {
    const first = await pageAt('/api/chatrooms/?search=r')
    expect(first).toMatchObject({ previous: null })
    expect(first.names).toHaveLength(35)
    expect(first.names.slice(0, 2)).toEqual(['r40', 'r39'])
    expect(first.next).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/chatrooms\/\?cursor=[^&]+&search=r$/)

    const second = await pageAt(first.next)
    expect(second).toMatchObject({ next: null })
    expect(second.names).toEqual(['r05', 'r04', 'r03', 'r02', 'r01'])

    const again = await pageAt(second.previous)
    expect(again.names).toEqual(first.names)
    expect(again).toMatchObject({ previous: null, next: expect.any(String) })
  })

  test('by name, the cursor goes on where the page ended', async () => {
    const first = await pageAt('/api/chatrooms/?ordering=room_name')
    expect(first.next).toContain('&ordering=room_name')
    const second = await pageAt(first.next)
    expect([...first.names, ...second.names]).toEqual([...first.names, ...second.names].toSorted())
    expect(second.names.at(-1)).toBe('r40')
  })
})

describe('one room', () => {
  const room = {
    is_group: true,
    participants: [aliceIn, bobIn, carolIn],
    admins: [{ id: 1 }],
    group_image: null,
    chat_name: 'Tea party',
  }
  const two = { id: direct, is_group: false, participants: [{ ...aliceIn, is_admin: false }, bobIn], admins: [] }
  replay(cast, [
    ['group, as a member', 'bob', party('GET'), undefined, 200, room],
    [
      'group with an image',
      'bob',
      () => `GET /api/chatrooms/${made.pictures}/`,
      undefined,
      200,
      { ...room, chat_name: 'Pictures', group_image: GROUP_PICTURE },
    ],
    [
      'private room, as alice',
      'alice',
      `GET /api/chatrooms/${direct}/`,
      undefined,
      200,
      { ...two, group_image: DEFAULT, chat_name: 'bob' },
    ],
    [
      'private room, as bob',
      'bob',
      `GET /api/chatrooms/${direct}/`,
      undefined,
      200,
      { ...two, group_image: PICTURE, chat_name: 'Alice L.' },
    ],
    ['as somebody not in it', 'eve', party('GET'), undefined, 404, NO_ROOM],
    ['unknown', 'alice', 'GET /api/chatrooms/99999/', undefined, 404, NO_ROOM],
    ['not a number', 'alice', 'GET /api/chatrooms/abc/', undefined, 404, { detail: 'Not found.' }],
    ['without token', 'anonymous', party('GET'), undefined, 401, NO_TOKEN],
    ['PATCH by somebody not in it', 'eve', party('PATCH'), { is_group: true }, 404, NO_ROOM],
    ['PUT by somebody not in it', 'eve', party('PUT'), {}, 404, NO_ROOM],
    ['DELETE by somebody not in it', 'eve', party('DELETE'), undefined, 404, NO_ROOM],
  ])
})

describe('where changing a room went wrong in the original', () => {
  replay(cast, [
    [
      'PATCH room_name by an admin renames',
      'alice',
      party('PATCH'),
      { room_name: 'Renamed', chat_name: 'ignored' },
      200,
      { chat_name: 'Renamed' },
    ],
    [
      'PUT likewise',
      'alice',
      party('PUT'),
      { room_name: 'Tea party' },
      200,
      { chat_name: 'Tea party', participants: [aliceIn, bobIn, carolIn] },
    ],
    [
      'PATCH group_image multipart changes the picture',
      'alice',
      party('PATCH'),
      form({ group_image: picture }),
      200,
      { group_image: GROUP_PICTURE, chat_name: 'Tea party' },
    ],
    ['and null takes it away', 'alice', party('PATCH'), { group_image: null }, 200, { group_image: null }],
    ['PUT by a member who is no admin', 'bob', party('PUT'), { room_name: 'Mine' }, 403, FORBIDDEN],
    ['PATCH by a member who is no admin', 'bob', party('PATCH'), { is_group: false }, 403, FORBIDDEN],
    [
      'a group stays one, whatever an admin sends',
      'alice',
      party('PATCH'),
      { is_group: false },
      200,
      { is_group: true },
    ],
    ['a private room stays one', 'bob', `PATCH /api/chatrooms/${direct}/`, { is_group: true }, 403],
    ['…as alice sees', 'alice', `GET /api/chatrooms/${direct}/`, undefined, 200, { is_group: false, chat_name: 'bob' }],
    ['DELETE by a member who is no admin', 'bob', party('DELETE'), undefined, 403, FORBIDDEN],
    ['…it is still there', 'carol', party('GET'), undefined, 200, { chat_name: 'Tea party' }],
  ])

  test('DELETE by an admin: it is gone for all', async () => {
    const { id } = await server.group(alice, [bob], 'Short-lived')
    expectRecorded(await alice.delete(`/api/chatrooms/${id}/`), 204)
    expectRecorded(await bob.get(`/api/chatrooms/${id}/`), 404, NO_ROOM)
  })
})
