import { describe, expect, test } from 'vitest'
import { form, noPicture, picture, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob } = cast
const direct = (await server.befriend(alice, bob)).roomId
const other = (await server.group(alice, [bob, cast.carol], 'Tea party')).id
const url = `/api/chatrooms/${direct}/messages/`

const IMAGE = 'http://127.0.0.1:58000/media/chat/images/pic.png'
const TIME = '2026-11-22T11:15:55.176924Z'
const ANY_ID = expect.any(Number)
const NO_TOKEN = { detail: 'Authentication credentials were not provided.' }
const NO_ROOM = { detail: 'No ChatRoom matches the given query.' }
const NO_MESSAGE = { detail: 'No Message matches the given query.' }
const FORBIDDEN = { detail: 'You do not have permission to perform this action.' }
const EMPTY = { non_field_errors: ['A message needs text or an image.'] }

describe('create', () => {
  const POST = `POST ${url}`
  const sent = (content: string, image: string | null = null) => ({ id: ANY_ID, content, image })
  replay(cast, [
    ['text', 'alice', POST, { content: 'hello bob' }, 201, sent('hello bob')],
    ['multipart text + image', 'alice', POST, form({ content: 'look', image: picture }), 201, sent('look', IMAGE)],
    ['60 characters', 'alice', POST, { content: 'x'.repeat(60) }, 201, sent('x'.repeat(60))],
    ['surrounding whitespace is trimmed', 'alice', POST, { content: '  padded\n ' }, 201, sent('padded')],
    ['emoji and markup', 'alice', POST, { content: '🎩 <b>hi</b>' }, 201, sent('🎩 <b>hi</b>')],
    ['content a number', 'alice', POST, { content: 42 }, 201, sent('42')],
    ['content a list', 'alice', POST, { content: ['a'] }, 400, { content: ['Not a valid string.'] }],
    ['content true', 'alice', POST, { content: true }, 400, { content: ['Not a valid string.'] }],
    ['NUL character', 'alice', POST, { content: 'a\0b' }, 400, { content: ['Null characters are not allowed.'] }],
    ['10 000 characters', 'alice', POST, { content: 'y'.repeat(10_000) }, 201, sent('y'.repeat(10_000))],
    [
      'image is no image',
      'alice',
      POST,
      form({ content: 'x', image: noPicture }),
      400,
      { image: ['Upload a valid image. The file you uploaded was either not an image or a corrupted image.'] },
    ],
    ['without token', 'anonymous', POST, { content: 'x' }, 401, NO_TOKEN],
  ])

  test('sender, room, timestamp and id in the body are ignored', async () => {
    const body = { content: 'spoof?', sender: 2, room: other, timestamp: '2000-01-01T00:00:00Z', id: 1 }
    const { id } = (await alice.post(url, body)).body
    expect(id).toBeGreaterThan(1)
    const reply = await alice.get(`${url}${id}/`)
    expectRecorded(reply, 200, { id, room: direct, sender: { id: 1 }, content: 'spoof?' })
    expect(Date.parse(reply.body.timestamp)).toBeGreaterThan(Date.parse('2026-01-01'))
  })
})

describe('where creating went wrong in the original', () => {
  const POST = `POST ${url}`
  const before = { count: 0 }
  test('three thousand characters that do not compress are stored', async () => {
    const content = Array.from({ length: 3_000 }, (_, index) => String.fromCodePoint(33 + ((index * 7919) % 90))).join(
      '',
    )
    expectRecorded(await alice.post(url, { content }), 201, { content })
    before.count = (await alice.get(`${url}?limit=100`)).body.results.length
  })
  replay(cast, [
    ['content ""', 'alice', POST, { content: '' }, 400, EMPTY],
    ['whitespace only', 'alice', POST, { content: '   ' }, 400, EMPTY],
    ['{}', 'bob', POST, {}, 400, EMPTY],
    ['content null', 'bob', POST, { content: null }, 400, EMPTY],
    ['3 MB of one character', 'alice', POST, { content: 'q'.repeat(3_000_000) }, 413],
    [
      'too many characters',
      'alice',
      POST,
      { content: 'q'.repeat(10_001) },
      400,
      { content: ['Ensure this field has no more than 10000 characters.'] },
    ],
    ['in a room that does not exist', 'alice', 'POST /api/chatrooms/99999/messages/', { content: 'x' }, 404, NO_ROOM],
    [
      'room id not a number',
      'alice',
      'POST /api/chatrooms/abc/messages/',
      { content: 'x' },
      404,
      { detail: 'Not found.' },
    ],
    ["eve posts into alice and bob's private room", 'eve', POST, { content: 'I am not even here' }, 404, NO_ROOM],
    ['eve lists the room', 'eve', `GET ${url}`, undefined, 404, NO_ROOM],
  ])

  test('none of them left a message behind', async () => {
    expect((await alice.get(`${url}?limit=100`)).body.results).toHaveLength(before.count)
  })

  test('an image without a text is a message', async () => {
    const sent = form({ image: picture })
    const reply = await bob.post(url, undefined, sent.options)
    expectRecorded(reply, 201, { content: '', image: IMAGE })
    expectRecorded(await alice.delete(`${url}${reply.body.id}/`), 403)
    expectRecorded(await bob.delete(`${url}${reply.body.id}/`), 204)
  })

  test('the image of a message opens by its signed address, and by no other', async () => {
    const { image } = (await alice.post(url, undefined, form({ image: picture }).options)).body
    expect((await fetch(image)).headers.get('content-type')).toMatch(/^image\//)
    expect((await fetch(image.split('?')[0])).status).toBe(403)
  })
})

describe('retrieve, edit, delete', async () => {
  const first = (await alice.post(url, { content: 'hello bob' })).body.id
  const look = (await alice.post(url, undefined, form({ content: 'look', image: picture }).options)).body.id
  const one = `${url}${first}/`
  const stored = { id: first, room: direct, sender: { id: 1 }, timestamp: TIME, image: null, read_statuses: [] }
  replay(cast, [
    ['retrieve', 'bob', `GET ${url}${look}/`, undefined, 200, { ...stored, id: look, content: 'look', image: IMAGE }],
    ['unknown', 'bob', `GET ${url}999999/`, undefined, 404, NO_MESSAGE],
    [
      "under another room's path",
      'alice',
      `GET /api/chatrooms/${other}/messages/${first}/`,
      undefined,
      404,
      NO_MESSAGE,
    ],
    ['not a number', 'bob', `GET ${url}abc/`, undefined, 404, { detail: 'Not found.' }],
    [
      'PATCH content by the sender',
      'alice',
      `PATCH ${one}`,
      { content: 'hello bob (edited)' },
      200,
      { ...stored, content: 'hello bob (edited)' },
    ],
    ['PATCH by another member', 'bob', `PATCH ${one}`, { content: 'mine' }, 403, FORBIDDEN],
    ['PUT by another member', 'bob', `PUT ${one}`, { content: 'put' }, 403, FORBIDDEN],
    [
      'PATCH image multipart',
      'alice',
      `PATCH ${one}`,
      form({ content: 'with a picture now', image: picture }),
      200,
      { ...stored, content: 'with a picture now', image: IMAGE },
    ],
    ['DELETE by another member', 'bob', `DELETE ${one}`, undefined, 403, FORBIDDEN],
    ['DELETE without token', 'anonymous', `DELETE ${one}`, undefined, 401, NO_TOKEN],
  ])
})

describe('where editing went wrong in the original', async () => {
  const first = (await alice.post(url, { content: 'hello bob' })).body.id
  const one = `${url}${first}/`
  const whole = { room: direct, sender: { id: 1 }, content: 'put', image: null, read_statuses: [] }
  replay(cast, [
    ['PATCH by somebody not in the room', 'eve', `PATCH ${one}`, { content: 'mine' }, 404, NO_ROOM],
    ['DELETE by somebody not in the room', 'eve', `DELETE ${one}`, undefined, 404, NO_ROOM],
    ['eve retrieves it', 'eve', `GET ${one}`, undefined, 404, NO_ROOM],
    ['PATCH content null leaves nothing', 'alice', `PATCH ${one}`, { content: null }, 400, EMPTY],
    ['PATCH content blank leaves nothing', 'alice', `PATCH ${one}`, { content: '' }, 400, EMPTY],
    [
      'PATCH sender is ignored',
      'alice',
      `PATCH ${one}`,
      { sender: { id: 2 } },
      200,
      { sender: { id: 1 }, content: 'hello bob' },
    ],
    ['PATCH sender as a number likewise', 'alice', `PATCH ${one}`, { sender: 2 }, 200, { sender: { id: 1 } }],
    ['PATCH room moves nothing', 'alice', `PATCH ${one}`, { room: other }, 200, { room: direct }],
    ['PUT content only', 'alice', `PUT ${one}`, { content: 'put' }, 200, { content: 'put' }],
    ['PUT the whole object back, as retrieved', 'alice', `PUT ${one}`, whole, 200, whole],
  ])

  test('a deleted message is gone, and the room shows the one before as its last', async () => {
    await alice.post(url, { content: 'the one before' })
    const newest = (await alice.post(url, { content: 'the newest' })).body.id
    expectRecorded(await alice.delete(`${url}${newest}/`), 204)
    expectRecorded(await bob.get(`${url}${newest}/`), 404, NO_MESSAGE)
    const { results } = (await alice.get('/api/chatrooms/')).body
    const room = results.find(({ id }: { id: number }) => id === direct)
    expect(room.last_message).toMatchObject({ content: 'the one before', sender_name: 'alice' })
  })
})

describe('mark_as_read and message_read_status (500 in the original)', async () => {
  const first = (await alice.post(url, { content: 'read me' })).body.id
  const read = `POST ${url}${first}/mark_as_read/`
  const statuses = `GET ${url}${first}/message_read_status/`
  const status = { id: ANY_ID, user: { id: 2 }, timestamp: TIME }
  replay(cast, [
    ['without token', 'anonymous', read, undefined, 401, NO_TOKEN],
    ['nobody has read it yet', 'alice', statuses, undefined, 200, []],
    ['by the recipient', 'bob', read, undefined, 201, status],
    ['again', 'bob', read, undefined, 200, status],
    ['by the sender', 'alice', read, undefined, 200, { detail: 'Sender cannot mark own message as read' }],
    ['by somebody else', 'eve', read, undefined, 404, NO_ROOM],
    ['statuses by the sender', 'alice', statuses, undefined, 200, [status]],
    ['statuses by the recipient', 'bob', statuses, undefined, 200, [status]],
    ['statuses by somebody else', 'eve', statuses, undefined, 404, NO_ROOM],
    [
      'the message afterwards',
      'alice',
      `GET ${url}${first}/`,
      undefined,
      200,
      { content: 'read me', read_statuses: [status] },
    ],
  ])
})
