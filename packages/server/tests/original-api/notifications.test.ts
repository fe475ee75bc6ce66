import { describe, expect, test } from 'vitest'
import { form, picture, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob } = cast
await alice.patch('/api/profile/', { first_name: 'Alice', last_name: 'L.' })
const direct = (await server.befriend(alice, bob)).roomId
// What came of the friendship and of being in groups is not part of the recording.
await bob.post('/api/notifications/mark_all_read/')
const bobs = await bob.connect('/ws/notifications/')
for (const content of ['first', 'second', 'third']) {
  await alice.post(`/api/chatrooms/${direct}/messages/`, { content })
  await bobs.nextWhere((frame) => Reflect.get(Object(frame.notification), 'message') === content)
}
const [third, second, first]: { id: number }[] = (await bob.get('/api/notifications/unread/')).body
const id = third?.id ?? 0
const alices = (await alice.post('/api/notifications/', { message: 'a note to myself' })).body.id

const NONE = { detail: 'No Notification matches the given query.' }
const TIME = '2026-11-22T11:16:00.467599Z'
const about = (message: string, of = third) => ({
  id: of?.id,
  sender: 'alice',
  message,
  chat_name: 'Alice L.',
  timestamp: TIME,
  is_read: false,
})
const one = `/api/notifications/${id}/`

describe('/api/notifications/', () => {
  replay(cast, [
    [
      'list without token',
      'anonymous',
      'GET /api/notifications/',
      undefined,
      401,
      { detail: 'Authentication credentials were not provided.' },
    ],
    [
      'unread, newest first',
      'bob',
      'GET /api/notifications/unread/',
      undefined,
      200,
      [about('third'), about('second', second), about('first', first)],
    ],
    ['?search=mention', 'bob', 'GET /api/notifications/?search=mention', undefined, 200, []],
    ['retrieve', 'bob', `GET ${one}`, undefined, 200, about('third')],
    ["somebody else's", 'alice', `GET ${one}`, undefined, 404, NONE],
    ['unknown', 'bob', 'GET /api/notifications/999999/', undefined, 404, NONE],
    ['PUT is_read true', 'bob', `PUT ${one}`, { is_read: true }, 200, { ...about('third'), is_read: true }],
    ['PATCH is_read false', 'bob', `PATCH ${one}`, { is_read: false }, 200, about('third')],
    [
      'PATCH other fields are ignored',
      'bob',
      `PATCH ${one}`,
      { message: 'x', sender: 'y', chat_name: 'z' },
      200,
      about('third'),
    ],
    ['PATCH bad value', 'bob', `PATCH ${one}`, { is_read: 'x' }, 400, { is_read: ['Must be a valid boolean.'] }],
    ["PATCH somebody else's", 'alice', `PATCH ${one}`, { is_read: true }, 404, NONE],
    ['mark_read', 'bob', `POST ${one}mark_read/`, undefined, 204],
    ['mark_read again', 'bob', `POST ${one}mark_read/`, undefined, 204],
    ["mark_read of somebody else's", 'alice', `POST ${one}mark_read/`, undefined, 404, NONE],
    [
      'that one is read now',
      'bob',
      'GET /api/notifications/unread/',
      undefined,
      200,
      [about('second', second), about('first', first)],
    ],
    ['mark_all_read', 'bob', 'POST /api/notifications/mark_all_read/', undefined, 204],
    ['unread afterwards', 'bob', 'GET /api/notifications/unread/', undefined, 200, []],
    ['DELETE', 'bob', `DELETE ${one}`, undefined, 204],
    ['DELETE again', 'bob', `DELETE ${one}`, undefined, 404, NONE],
    ["DELETE somebody else's", 'bob', `DELETE /api/notifications/${alices}/`, undefined, 404, NONE],
    [
      'GET mark_all_read',
      'bob',
      'GET /api/notifications/mark_all_read/',
      undefined,
      405,
      { detail: 'Method "GET" not allowed.' },
    ],
  ])

  test('the list is newest first, and with ?ordering=timestamp oldest first', async () => {
    const idsOf = async (query: string): Promise<number[]> => {
      const { body } = await bob.get(`/api/notifications/${query}`)
      return body.map((notification: { id: number }) => notification.id)
    }
    const ids = await idsOf('')
    expect(ids.slice(0, 2)).toEqual([second?.id, first?.id])
    expect(await idsOf('?ordering=timestamp')).toEqual(ids.toReversed())
  })
})

describe('where creating notifications went wrong in the original', () => {
  const POST = 'POST /api/notifications/'
  const mine = { message: 'water the plants', sender: null, is_read: false, notification_type: 'system' }
  replay(cast, [
    ['for oneself', 'bob', POST, { message: 'water the plants' }, 201, mine],
    [
      'for somebody else, without being staff',
      'bob',
      POST,
      { message: '1', user: 1 },
      403,
      { detail: 'You do not have permission to perform this action.' },
    ],
    ['nothing', 'bob', POST, {}, 400, { message: ['This field is required.'] }],
  ])

  test('a message without a text is told of all the same, and its reader’s socket stays open', async () => {
    await alice.post(`/api/chatrooms/${direct}/messages/`, undefined, form({ image: picture }).options)
    const frame = await bobs.nextWhere((candidate) => Reflect.get(Object(candidate.notification), 'message') === '')
    expect(frame).toMatchObject({ type: 'new_notification', notification: { content: '', sender: 'alice' } })
    await bobs.ping()
    expect(bobs.isOpen).toBe(true)
    expectRecorded(await bob.get('/api/notifications/unread/'), 200)
    const again = await bob.connect('/ws/notifications/')
    expect(await again.next()).toMatchObject({ type: 'notification_list' })
  })
})
