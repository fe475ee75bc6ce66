import { startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'
import { enter, forge, forgeExpired, headers, RECORDED_PASSWORD, raw, Sent, send, startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { anonymous, alice } = cast

const password = RECORDED_PASSWORD
const account = (username: string, email: string) => ({ username, email, password, confirm_password: password })
const TOKENS = { refresh: '<jwt>', access: '<jwt>' }
const CREATED = { message: 'User created successfully', tokens: TOKENS }
const REQUIRED = ['This field is required.']
const BLANK = ['This field may not be blank.']
const NULL = ['This field may not be null.']
const TAKEN_NAME = ['A user with that username already exists.']
const TAKEN_EMAIL = ['Email is already in use.']
const WRONG_LOGIN = { non_field_errors: ['Invalid login credentials.'] }

describe('POST /api/register/', () => {
  const POST = 'POST /api/register/'
  replay(cast, [
    ['a new account', 'anonymous', POST, account('frank', 'frank@example.com'), 201, CREATED],
    ['duplicate username', 'anonymous', POST, account('alice', 'x1@example.com'), 400, { username: TAKEN_NAME }],
    ['duplicate email', 'anonymous', POST, account('alice2', 'alice@example.com'), 400, { email: TAKEN_EMAIL }],
    [
      'duplicate username and email',
      'anonymous',
      POST,
      account('alice', 'alice@example.com'),
      400,
      { username: TAKEN_NAME, email: TAKEN_EMAIL },
    ],
    [
      'passwords differ',
      'anonymous',
      POST,
      { ...account('zed', 'zed@example.com'), confirm_password: 'other' },
      400,
      { password: ['Passwords do not match.'] },
    ],
    [
      'nothing sent',
      'anonymous',
      POST,
      {},
      400,
      { username: REQUIRED, password: REQUIRED, confirm_password: REQUIRED },
    ],
    [
      'blank fields',
      'anonymous',
      POST,
      { username: '', email: '', password: '', confirm_password: '' },
      400,
      { username: BLANK, password: BLANK, confirm_password: BLANK },
    ],
    [
      'invalid username and e-mail',
      'anonymous',
      POST,
      account('a b!', 'nope'),
      400,
      {
        username: ['Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'],
        email: ['Enter a valid email address.'],
      },
    ],
    [
      'username of 151 characters',
      'anonymous',
      POST,
      account('u'.repeat(151), 'long@example.com'),
      400,
      { username: ['Ensure this field has no more than 150 characters.'] },
    ],
    [
      'null values',
      'anonymous',
      POST,
      { username: null, email: null, password: null, confirm_password: null },
      400,
      { username: NULL, email: NULL, password: NULL, confirm_password: NULL },
    ],
    ['no e-mail at all', 'anonymous', POST, { username: 'nomail', password, confirm_password: password }, 201, CREATED],
    ['form-encoded', 'anonymous', POST, new Sent({ urlencoded: account('formy', 'formy@example.com') }), 201, CREATED],
    [
      'JSON that is not an object',
      'anonymous',
      POST,
      raw('application/json', '[1,2]'),
      400,
      { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] },
    ],
    [
      'unsupported content type',
      'anonymous',
      POST,
      raw('text/plain', 'hello'),
      415,
      { detail: 'Unsupported media type "text/plain" in request.' },
    ],
    ['wrong method', 'anonymous', 'GET /api/register/', undefined, 405, { detail: 'Method "GET" not allowed.' }],
  ])

  test('broken JSON says that it is', async () => {
    const reply = await send(anonymous, POST, raw('application/json', '{"username": '))
    expectRecorded(reply, 400, { detail: expect.stringMatching(/^JSON parse error - ./) })
  })

  test('a wrong method says which are right', async () => {
    const reply = await anonymous.get('/api/register/')
    expect(reply.headers.get('allow')).toBe('POST, OPTIONS')
  })
})

describe('where registering went wrong in the original', () => {
  const POST = 'POST /api/register/'
  replay(cast, [
    [
      'a one-character password is refused',
      'anonymous',
      POST,
      { ...account('weak', 'weak@example.com'), password: '1', confirm_password: '1' },
      400,
      { password: [expect.any(String)] },
    ],
    [
      'a taken name in another case is taken',
      'anonymous',
      POST,
      account('ALICE', 'a2@example.com'),
      400,
      { username: TAKEN_NAME },
    ],
    [
      'a taken address in another case is taken',
      'anonymous',
      POST,
      account('alice3', 'ALICE@example.com'),
      400,
      { email: TAKEN_EMAIL },
    ],
    [
      'a name that is somebody’s address is taken',
      'anonymous',
      POST,
      account('dave@example.com', 'squat@example.com'),
      400,
      { username: TAKEN_NAME },
    ],
    [
      'the path without its slash works',
      'anonymous',
      'POST /api/register',
      account('noslash', 'noslash@example.com'),
      201,
      CREATED,
    ],
  ])

  test('a stale token with the request is not looked at', async () => {
    const body = JSON.stringify(account('stale', 'stale@example.com'))
    const sent = new Sent({ raw: body, headers: { 'content-type': 'application/json', authorization: 'Bearer stale' } })
    expectRecorded(await send(anonymous, POST, sent), 201, CREATED)
  })
})

describe('POST /api/login/', async () => {
  const POST = 'POST /api/login/'
  const limited = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
  replay(cast, [
    ['by username', 'anonymous', POST, { identifier: 'alice', password }, 200, { tokens: TOKENS }],
    ['by e-mail', 'anonymous', POST, { identifier: 'alice@example.com', password }, 200, { tokens: TOKENS }],
    [
      'by e-mail in another case',
      'anonymous',
      POST,
      { identifier: 'ALICE@Example.com', password },
      200,
      { tokens: TOKENS },
    ],
    ['by username in another case', 'anonymous', POST, { identifier: 'AliCe', password }, 200, { tokens: TOKENS }],
    ['wrong password', 'anonymous', POST, { identifier: 'alice', password: 'nope' }, 400, WRONG_LOGIN],
    ['unknown user', 'anonymous', POST, { identifier: 'nobody', password: 'nope' }, 400, WRONG_LOGIN],
    ['missing fields', 'anonymous', POST, {}, 400, { identifier: REQUIRED, password: REQUIRED }],
    ['blank fields', 'anonymous', POST, { identifier: '', password: '' }, 400, { identifier: BLANK, password: BLANK }],
    [
      '`username` instead of `identifier`',
      'anonymous',
      POST,
      { username: 'alice', password },
      400,
      { identifier: REQUIRED },
    ],
    ['wrong method', 'anonymous', 'GET /api/login/', undefined, 405, { detail: 'Method "GET" not allowed.' }],
  ])

  test('a stale token with the request is not looked at', async () => {
    const body = JSON.stringify({ identifier: 'alice', password })
    const sent = new Sent({ raw: body, headers: { 'content-type': 'application/json', authorization: 'Bearer stale' } })
    expectRecorded(await send(anonymous, POST, sent), 200, { tokens: TOKENS })
  })

  test('twelve wrong passwords in a row make the next try wait, even with the right one', async () => {
    await enter(limited, 'grace')
    const statuses: number[] = []
    for (let round = 0; round < 12; round++) {
      statuses.push((await send(limited.anonymous, POST, { identifier: 'grace', password: 'nope' })).status)
    }
    expect(statuses[0]).toBe(400)
    expect(statuses.at(-1)).toBe(429)
    const reply = await send(limited.anonymous, POST, { identifier: 'grace', password })
    expectRecorded(reply, 429, {
      detail: expect.stringMatching(/^Request was throttled\. Expected available in \d+ seconds\.$/),
    })
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('what is in the tokens', () => {
  const parts = (token = '') =>
    token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const ANY = { exp: expect.any(Number), iat: expect.any(Number), jti: expect.stringMatching(/^[\da-f]{32}$/) }
  const header = { alg: 'HS256', typ: 'JWT' }

  test('the access token names the user, the refresh token only their id', () => {
    const [accessHeader, access] = parts(alice.token)
    const [refreshHeader, refresh] = parts(alice.refresh)
    expect(accessHeader).toEqual(header)
    expect(access).toMatchObject({ token_type: 'access', user_id: 1, username: 'alice', ...ANY })
    expect(refreshHeader).toEqual(header)
    expect(refresh).toMatchObject({ token_type: 'refresh', user_id: 1, ...ANY })
    expect(refresh).not.toHaveProperty('username')
  })

  test('a renewed access token has the same claims', async () => {
    const { body } = await anonymous.post('/api/token/refresh/', { refresh: alice.refresh })
    expect(parts(body.access)[1]).toMatchObject({ token_type: 'access', user_id: 1, username: 'alice', ...ANY })
  })
})

describe('POST /api/token/refresh/', async () => {
  const POST = 'POST /api/token/refresh/'
  const refused = (detail: string) => ({ detail, code: 'token_not_valid' })
  const expired = await forgeExpired(cast, 'refresh')
  const forged = await forge(
    cast,
    { token_type: 'refresh', user_id: 1 },
    'another secret altogether, of another server',
  )
  const ofNobody = await forge(cast, { token_type: 'refresh', user_id: 99_999, session_id: 99_999 })
  replay(cast, [
    ['ok', 'anonymous', POST, { refresh: alice.refresh }, 200, { access: '<jwt>' }],
    ['the same again: it stays valid', 'anonymous', POST, { refresh: alice.refresh }, 200, { access: '<jwt>' }],
    ['garbage', 'anonymous', POST, { refresh: 'garbage' }, 401, refused('Token is invalid')],
    ['an access token in its place', 'anonymous', POST, { refresh: alice.token }, 401, refused('Token has wrong type')],
    ['expired refresh', 'anonymous', POST, { refresh: expired }, 401, refused('Token is expired')],
    ['tampered signature', 'anonymous', POST, { refresh: forged }, 401, refused('Token is invalid')],
    ['missing', 'anonymous', POST, {}, 400, { refresh: REQUIRED }],
    ['blank', 'anonymous', POST, { refresh: '' }, 400, { refresh: BLANK }],
    [
      'a user that does not exist (500 in the original)',
      'anonymous',
      POST,
      { refresh: ofNobody },
      401,
      refused('Token is invalid'),
    ],
    ['wrong method', 'anonymous', 'GET /api/token/refresh/', undefined, 405, { detail: 'Method "GET" not allowed.' }],
  ])
})

describe('POST /api/logout/', async () => {
  const POST = 'POST /api/logout/'
  const failed = (error: string) => ({ message: 'Error logging out', error })
  const again = (await send(anonymous, 'POST /api/login/', { identifier: 'alice', password })).body.tokens
  replay(cast, [
    [
      'no Authorization',
      'anonymous',
      POST,
      { refresh_token: again.refresh },
      401,
      { detail: 'Authentication credentials were not provided.' },
    ],
    ['missing field', 'alice', POST, {}, 400, { refresh_token: REQUIRED }],
    ['field named `refresh`', 'alice', POST, { refresh: 'x' }, 400, { refresh_token: REQUIRED }],
    ['garbage token', 'alice', POST, { refresh_token: 'garbage' }, 400, failed('Token is invalid')],
    ['an access token', 'alice', POST, { refresh_token: alice.token }, 400, failed('Token has wrong type')],
    ['ok', 'alice', POST, { refresh_token: again.refresh }, 200, { message: 'Successfully logged out' }],
    ['the same again', 'alice', POST, { refresh_token: again.refresh }, 400, failed('Token is blacklisted')],
    [
      'refresh after logout',
      'anonymous',
      'POST /api/token/refresh/',
      { refresh: again.refresh },
      401,
      { detail: 'Token is blacklisted', code: 'token_not_valid' },
    ],
    [
      'the access token of the session stops working, unlike in the original',
      'anonymous',
      'GET /api/profile/',
      headers({ authorization: `Bearer ${again.access}` }),
      401,
      { code: 'token_not_valid' },
    ],
    [
      'nobody logs somebody else out',
      'alice',
      POST,
      { refresh_token: cast.bob.refresh },
      400,
      failed('Token is invalid'),
    ],
    [
      'whose token works as before',
      'anonymous',
      'POST /api/token/refresh/',
      { refresh: cast.bob.refresh },
      200,
      { access: '<jwt>' },
    ],
  ])
})
