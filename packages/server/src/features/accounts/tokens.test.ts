import { PASSWORD, startTestServer } from '@confab/testkit/server'
import { SignJWT } from 'jose'
import { expect, onTestFinished, test, vi } from 'vitest'

const server = await startTestServer()
const { anonymous } = server

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** A token like the server's own, with claims changed or, where undefined, left out. */
function forge(claims: Record<string, unknown>, secret = server.core.secretKey): Promise<string> {
  const usual = { token_type: 'access', exp: inSeconds(60), iat: inSeconds(0), jti: 'forged' }
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

/** The same token with one claim changed, under the old signature. */
function tamper(token: string): string {
  const [header, , signature] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), user_id: 1 })).toString('base64url')
  return [header, payload, signature].join('.')
}

const profileWith = (authorization: string) => anonymous.get('/api/profile/', { headers: { authorization } })

test('the tokens say what clients of the original read, and to which session they belong', async () => {
  const ada = await server.person('ada')
  const access = claimsOf(ada.token ?? '')
  const refresh = claimsOf(ada.refresh)

  const common = { user_id: ada.id, exp: expect.any(Number), iat: expect.any(Number), session_id: expect.any(Number) }
  expect(access).toEqual({
    ...common,
    token_type: 'access',
    username: ada.username,
    jti: expect.stringMatching(/^\w{32}$/),
  })
  expect(refresh).toEqual({ ...common, token_type: 'refresh', jti: expect.stringMatching(/^\w{32}$/) })
  expect(access.session_id).toBe(refresh.session_id)
  expect(Number(access.exp) - Number(access.iat)).toBe(15 * 60)
  expect(Number(refresh.exp) - Number(refresh.iat)).toBe(30 * 24 * 60 * 60)
})

test.each([
  ['nothing', undefined],
  ['another scheme', 'Token abc'],
  ['a scheme in lower case', 'bearer abc'],
])('%s in the header counts as no token', async (_what, header) => {
  const reply = await anonymous.get('/api/profile/', { headers: header ? { authorization: header } : {} })

  expect(reply).toMatchObject({ status: 401, body: { detail: 'Authentication credentials were not provided.' } })
  expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="api"')
})

test('a token in the query is not read', async () => {
  const ada = await server.person('ada')

  const reply = await anonymous.get(`/api/profile/?token=${ada.token}`)

  expect(reply).toMatchObject({ status: 401, body: { detail: 'Authentication credentials were not provided.' } })
})

test.each(['Bearer', 'Bearer a b'])('the header "%s" is malformed', async (header) => {
  expect(await profileWith(header)).toMatchObject({
    status: 401,
    body: {
      detail: 'Authorization header must contain two space-delimited values',
      code: 'bad_authorization_header',
    },
  })
})

test('tokens that are not good are refused, each with its reason', async () => {
  const ada = await server.person('ada')
  const bob = await server.person('bob')
  const mine = { user_id: ada.id, session_id: claimsOf(ada.refresh).session_id }
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${ada.token?.split('.')[1]}.`
  const cases: [string, string][] = [
    ['garbage', 'Token is invalid'],
    [tamper(ada.token ?? ''), 'Token is invalid'],
    [unsigned, 'Token is invalid'],
    [await forge(mine, 'another key, of at least 32 bytes'), 'Token is invalid'],
    [await forge({ ...mine, jti: undefined }), 'Token is invalid'],
    [await forge({ ...mine, exp: undefined }), 'Token is invalid'],
    [await forge({ user_id: ada.id }), 'Token is invalid'],
    [await forge({ user_id: ada.id, session_id: 2 ** 40 }), 'Token is invalid'],
    [await forge({ user_id: ada.id, session_id: claimsOf(bob.refresh).session_id }), 'Token is invalid'],
    [await forge({ ...mine, exp: inSeconds(-1) }), 'Token is expired'],
    [ada.refresh, 'Token has wrong type'],
  ]

  expect((await profileWith(`Bearer ${await forge(mine)}`)).status).toBe(200)
  for (const [token, message] of cases) {
    const reply = await profileWith(`Bearer ${token}`)
    expect(reply.body).toEqual({
      detail: 'Given token not valid for any token type',
      code: 'token_not_valid',
      messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
    })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="api"')
  }
})

test.each([
  ['of nobody', { user_id: 2 ** 40 }, { detail: 'User not found', code: 'user_not_found' }],
  ['of no possible person', { user_id: 'x' }, { detail: 'User not found', code: 'user_not_found' }],
  ['without a person', {}, { detail: 'Token contained no recognizable user identification', code: 'token_not_valid' }],
])('a validly signed token %s is refused', async (_what, claims, body) => {
  expect(await profileWith(`Bearer ${await forge(claims)}`)).toMatchObject({ status: 401, body })
})

test('a token that was good a moment ago stops when it expires', async () => {
  const ada = await server.person('ada')
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const token = await forge({ user_id: ada.id, session_id: claimsOf(ada.refresh).session_id, exp: inSeconds(2) })
  expect((await profileWith(`Bearer ${token}`)).status).toBe(200)

  vi.setSystemTime(Date.now() + 2_000)

  expect(await profileWith(`Bearer ${token}`)).toMatchObject({
    status: 401,
    body: { messages: [{ message: 'Token is expired' }] },
  })
})

test('a socket is told whose token it has, and when that expires', async () => {
  const ada = await server.person('ada')
  const token = ada.token ?? ''

  const verified = await server.core.services.authenticator.verifyForSocket(token)

  expect(verified).toEqual({
    actor: { id: ada.id, username: ada.username, isStaff: false, sessionId: claimsOf(token).session_id },
    expiresAt: Number(claimsOf(token).exp) * 1000,
  })
})

test('a refresh token gives access tokens again and again', async () => {
  const ada = await server.person('ada')

  for (const _ of [1, 2]) {
    const reply = await anonymous.post('/api/token/refresh/', { refresh: ada.refresh })
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.body)).toEqual(['access'])
    expect((await profileWith(`Bearer ${reply.body.access}`)).body.id).toBe(ada.id)
  }
})

test('what is no refresh token of a living session is refused with its reason', async () => {
  const ada = await server.person('ada')
  const claims = claimsOf(ada.refresh)
  const cases: [string, string][] = [
    ['garbage', 'Token is invalid'],
    [tamper(ada.refresh), 'Token is invalid'],
    [ada.token ?? '', 'Token has wrong type'],
    [await forge({ ...claims, exp: inSeconds(-1) }), 'Token is expired'],
    [await forge({ ...claims, user_id: 2 ** 40 }), 'Token is invalid'],
    [await forge({ ...claims, jti: 'another' }), 'Token is invalid'],
  ]

  for (const [refresh, detail] of cases) {
    const reply = await anonymous.post('/api/token/refresh/', { refresh })
    expect(reply).toMatchObject({ status: 401, body: { detail, code: 'token_not_valid' } })
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="api"')
  }
})

test.each([
  ['/api/token/refresh/', {}, { refresh: ['This field is required.'] }],
  ['/api/token/refresh/', { refresh: '' }, { refresh: ['This field may not be blank.'] }],
  ['/api/logout/', {}, { refresh_token: ['This field is required.'] }],
  ['/api/logout/', { refresh: 'x' }, { refresh_token: ['This field is required.'] }],
])('%s with %o names the field', async (path, body, expected) => {
  const ada = await server.person('ada')

  expect(await ada.post(path, body)).toMatchObject({ status: 400, body: expected })
})

test('logging out ends the session: neither of its tokens works any more, those of other logins do', async () => {
  const ada = await server.person('ada')
  const other = await anonymous.post('/api/login/', { identifier: ada.username, password: PASSWORD })
  await ada.get('/api/profile/')

  const out = await ada.post('/api/logout/', { refresh_token: ada.refresh })

  expect(out).toMatchObject({ status: 200, body: { message: 'Successfully logged out' } })
  expect(await anonymous.post('/api/token/refresh/', { refresh: ada.refresh })).toMatchObject({
    status: 401,
    body: { detail: 'Token is blacklisted', code: 'token_not_valid' },
  })
  expect((await ada.get('/api/profile/')).status).toBe(401)
  expect((await profileWith(`Bearer ${other.body.tokens.access}`)).status).toBe(200)
  const again = await anonymous.post(
    '/api/logout/',
    { refresh_token: ada.refresh },
    { headers: { authorization: `Bearer ${other.body.tokens.access}` } },
  )
  expect(again).toMatchObject({ status: 400, body: { message: 'Error logging out', error: 'Token is blacklisted' } })
})

test('only a refresh token of one’s own logs out', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const cases: [string, string][] = [
    ['garbage', 'Token is invalid'],
    [ada.token ?? '', 'Token has wrong type'],
    [bob.refresh, 'Token is invalid'],
  ]

  for (const [refresh_token, error] of cases) {
    const reply = await ada.post('/api/logout/', { refresh_token })
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ message: 'Error logging out', error })
  }
  expect((await bob.get('/api/profile/')).status).toBe(200)
  expect((await anonymous.post('/api/logout/', { refresh_token: ada.refresh })).status).toBe(401)
})

test('of simultaneous logouts with one token, one succeeds', async () => {
  const ada = await server.person('ada')
  const other = await anonymous.post('/api/login/', { identifier: ada.username, password: PASSWORD })

  const replies = await Promise.all(
    Array.from({ length: 8 }, () => ada.post('/api/logout/', { refresh_token: other.body.tokens.refresh })),
  )

  expect(replies.map((reply) => reply.status).sort()).toEqual([200, ...Array(7).fill(400)])
})
