import { describe, expect, test } from 'vitest'
import { startCast } from './cast.ts'
import { expectRecorded } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob, anonymous } = cast
const direct = (await server.befriend(alice, bob)).roomId
const origin = { origin: 'http://localhost:5173' }

describe('response headers', () => {
  test('every answer forbids guessing types and framing', async () => {
    for (const path of ['/api/profile/', '/api/chatrooms/99999/']) {
      const { headers } = await alice.get(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('content-type')).toMatch(/^application\/json/)
    }
  })

  test('a wrong method says which are right', async () => {
    const allowed = async (method: string, path: string) => {
      const { status, headers } = await alice.request(method, path)
      return [status, headers.get('allow')?.split(', ').toSorted()]
    }
    expect(await allowed('GET', '/api/login/')).toEqual([405, ['OPTIONS', 'POST']])
    expect(await allowed('POST', '/api/profile/')).toEqual([405, ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']])
    expect(await allowed('DELETE', `/api/chatrooms/${direct}/messages/`)).toEqual([
      405,
      ['GET', 'HEAD', 'OPTIONS', 'POST'],
    ])
  })

  test('an answer without a body has none', async () => {
    expectRecorded(await alice.post('/api/notifications/mark_all_read/'), 204)
  })
})

describe('the API itself', () => {
  const top = {
    'friend-requests': 'http://127.0.0.1:58000/api/friend-requests/',
    friends: 'http://127.0.0.1:58000/api/friends/',
    users: 'http://127.0.0.1:58000/api/users/',
  }

  test('its root lists the top endpoints, with and without a token', async () => {
    expectRecorded(await anonymous.get('/api/'), 200, top)
    expectRecorded(await alice.get('/api/'), 200, top)
  })

  test('its description has all the recorded paths', async () => {
    const { paths } = (await anonymous.get('/api/schema/?format=json')).body
    const published = Object.keys(paths).map((path) => path.replace(/\{\w+\}/g, '{}'))
    const room = '/api/chatrooms/{}/'
    const request = '/api/friend-requests/{}/'
    const inRoom = [
      '',
      'add_members/',
      'assign_admin/',
      'leave_room/',
      'participants/',
      'remove_member/',
      'shareable_link/',
    ]
    const ofMessage = ['', '{}/', '{}/mark_as_read/', '{}/message_read_status/']
    expect(published).toEqual(
      expect.arrayContaining([
        '/api/chatrooms/',
        ...ofMessage.map((rest) => `${room}messages/${rest}`),
        ...inRoom.map((rest) => room + rest),
        '/api/friend-requests/',
        ...['', 'accept/', 'cancel/', 'reject/'].map((rest) => request + rest),
        ...['', '{}/', '{}/remove_friend/'].map((rest) => `/api/friends/${rest}`),
        ...['', '{}/', '{}/mark_read/', 'mark_all_read/', 'unread/'].map((rest) => `/api/notifications/${rest}`),
        ...['login', 'logout', 'profile', 'register', 'schema', 'token/refresh', 'users'].map((one) => `/api/${one}/`),
        '/api/users/{}/',
      ]),
    )
  })

  test.each(['/', '/api/nothing/', '/admin/'])('%s is not there, and says so in JSON', async (path) => {
    expectRecorded(await alice.get(path), 404, { detail: 'Not found.' })
  })

  test('a browser that asks for a page gets JSON all the same', async () => {
    expectRecorded(await alice.get('/api/profile/', { headers: { accept: 'text/html' } }), 200, { username: 'alice' })
  })

  test('OPTIONS says what a path takes', async () => {
    expectRecorded(await alice.request('OPTIONS', '/api/chatrooms/'), 200, {
      parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
    })
  })

  test('HEAD is answered as GET is, without the body', async () => {
    const reply = await alice.request('HEAD', '/api/profile/')
    expect(reply).toMatchObject({ status: 200, body: undefined })
  })
})

describe('other origins', () => {
  test('a preflight is allowed for the headers that clients send', async () => {
    const reply = await anonymous.request('OPTIONS', '/api/login/', undefined, {
      headers: {
        ...origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin.origin)
    expect(reply.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-type/)
    expect(reply.headers.get('access-control-allow-methods')).toMatch(/DELETE/)
    expect(reply.headers.get('access-control-max-age')).toBe('86400')
  })

  test('a simple request says who may read its answer', async () => {
    const reply = await alice.get('/api/profile/', { headers: origin })
    expectRecorded(reply, 200, { username: 'alice' })
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin.origin)
    expect(reply.headers.get('vary')).toMatch(/origin/i)
  })

  test('a foreign origin is not told that it may', async () => {
    const reply = await alice.get('/api/profile/', { headers: { origin: 'https://any.example' } })
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })
})
