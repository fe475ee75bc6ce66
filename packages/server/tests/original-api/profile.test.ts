import { describe, expect, test } from 'vitest'
import {
  emptyFile,
  forge,
  forgeExpired,
  form,
  headers,
  noPicture,
  picture,
  RECORDED_PASSWORD,
  send,
  startCast,
} from './cast.ts'
import { type Exchange, replay } from './recorded.ts'

const cast = await startCast()
const { anonymous, alice, bob } = cast
const GET = 'GET /api/profile/'
const PATCH = 'PATCH /api/profile/'
const DEFAULT = 'http://127.0.0.1:58000/media/media/profile_pic/default.png'
const PICTURE = 'http://127.0.0.1:58000/media/media/profile_pic/user_1/pic.png'

describe('the Authorization header', async () => {
  const missing = { detail: 'Authentication credentials were not provided.' }
  const malformed = {
    detail: 'Authorization header must contain two space-delimited values',
    code: 'bad_authorization_header',
  }
  const invalid = (message: string) => ({
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
  })
  const bearer = (token: string | undefined) => headers({ authorization: `Bearer ${token}` })
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${alice.token?.split('.')[1]}.`
  const unauthorized: Exchange[] = [
    ['missing', 'anonymous', GET, undefined, 401, missing],
    ['"Bearer" alone', 'anonymous', GET, headers({ authorization: 'Bearer' }), 401, malformed],
    ['"Bearer a b"', 'anonymous', GET, headers({ authorization: 'Bearer a b' }), 401, malformed],
    ['another scheme is treated as missing', 'anonymous', GET, headers({ authorization: 'Token abc' }), 401, missing],
    ['lower-case scheme', 'anonymous', GET, headers({ authorization: `bearer ${alice.token}` }), 401, missing],
    ['garbage token', 'anonymous', GET, bearer('garbage'), 401, invalid('Token is invalid')],
    ['expired', 'anonymous', GET, bearer(await forgeExpired(cast, 'access')), 401, invalid('Token is expired')],
    [
      'bad signature',
      'anonymous',
      GET,
      bearer(await forge(cast, { user_id: 1 }, 'a secret of another server, not of this')),
      401,
      invalid('Token is invalid'),
    ],
    ['alg none', 'anonymous', GET, bearer(unsigned), 401, invalid('Token is invalid')],
    ['a refresh token', 'anonymous', GET, bearer(alice.refresh), 401, invalid('Token has wrong type')],
    [
      'validly signed, user does not exist',
      'anonymous',
      GET,
      bearer(await forge(cast, { user_id: 99_999, session_id: 99_999 })),
      401,
      { detail: 'User not found', code: 'user_not_found' },
    ],
    [
      'validly signed, no user_id',
      'anonymous',
      GET,
      bearer(await forge(cast, { session_id: 1 })),
      401,
      { detail: 'Token contained no recognizable user identification', code: 'token_not_valid' },
    ],
    ['a token in the query string is not read', 'anonymous', `${GET}?token=${alice.token}`, undefined, 401, missing],
  ]
  replay(cast, unauthorized)

  test.each(unauthorized)('%s: the answer says how to authenticate', async (_what, _who, request, sent) => {
    const reply = await send(anonymous, String(request), sent)
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="api"')
  })
})

describe('/api/profile/', () => {
  const blank = {
    id: 1,
    username: 'alice',
    bio: null,
    email: 'alice@example.com',
    full_name: null,
    friends: [],
    profile_pic: DEFAULT,
    online_status: false,
    last_seen: null,
  }
  const changed = { first_name: '', bio: null, last_name: '', email: 'alice@example.com', profile_pic: DEFAULT }
  const named = { ...changed, first_name: 'Alice', last_name: 'Liddell', bio: 'hi' }
  replay(cast, [
    ['GET', 'alice', GET, undefined, 200, blank],
    ['PUT with an empty body', 'alice', 'PUT /api/profile/', {}, 200, changed],
    [
      'PUT names and bio',
      'alice',
      'PUT /api/profile/',
      { first_name: 'Alice', last_name: 'Liddell', bio: 'hi', email: 'alice@example.com' },
      200,
      named,
    ],
    ['PATCH bio', 'alice', PATCH, { bio: 'down the hole' }, 200, { ...named, bio: 'down the hole' }],
    ['PATCH bio null', 'alice', PATCH, { bio: null }, 400, { bio: ['This field may not be null.'] }],
    [
      'PATCH first_name of 151',
      'alice',
      PATCH,
      { first_name: 'b'.repeat(151) },
      400,
      { first_name: ['Ensure this field has no more than 150 characters.'] },
    ],
    [
      'PATCH username is ignored',
      'alice',
      PATCH,
      { username: 'mallory', is_staff: true, last_seen: '2020-01-01T00:00:00Z' },
      200,
      { ...named, bio: 'down the hole' },
    ],
    ['PATCH e-mail invalid', 'alice', PATCH, { email: 'nope' }, 400, { email: ['Enter a valid email address.'] }],
    [
      'PATCH multipart with image',
      'alice',
      PATCH,
      form({ first_name: 'Alice', last_name: 'L.', bio: 'hi', email: 'alice@example.com', profile_pic: picture }),
      200,
      { ...named, last_name: 'L.', profile_pic: PICTURE },
    ],
    [
      'GET afterwards',
      'alice',
      GET,
      undefined,
      200,
      { ...blank, bio: 'hi', full_name: 'Alice L.', profile_pic: PICTURE },
    ],
    [
      'PATCH multipart with a file that is no image',
      'alice',
      PATCH,
      form({ profile_pic: noPicture }),
      400,
      { profile_pic: ['Upload a valid image. The file you uploaded was either not an image or a corrupted image.'] },
    ],
    [
      'PATCH multipart with an empty file',
      'alice',
      PATCH,
      form({ profile_pic: emptyFile }),
      400,
      { profile_pic: ['The submitted file is empty.'] },
    ],
    [
      'PATCH JSON string as image',
      'alice',
      PATCH,
      { profile_pic: 'http://x/y.png' },
      400,
      { profile_pic: ['The submitted data was not a file. Check the encoding type on the form.'] },
    ],
    [
      'PATCH image null',
      'dave',
      PATCH,
      { profile_pic: null },
      200,
      { first_name: '', bio: null, last_name: '', email: 'dave@example.com', profile_pic: null },
    ],
    ["bob's profile", 'bob', GET, undefined, 200, { ...blank, id: 2, username: 'bob', email: 'bob@example.com' }],
    // There it is 405: an account cannot be deleted. Here it can, by whoever knows its password.
    ['DELETE', 'bob', 'DELETE /api/profile/', undefined, 400, { current_password: ['This field is required.'] }],
    ['POST', 'bob', 'POST /api/profile/', {}, 405, { detail: 'Method "POST" not allowed.' }],
  ])

  test('the picture opens without a token, as an image', async () => {
    const { profile_pic } = (await alice.get('/api/profile/')).body
    const response = await fetch(profile_pic)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^image\//)
  })
})

describe('where the profile went wrong in the original', () => {
  replay(cast, [
    ['a bio may be emptied', 'alice', PATCH, { bio: '' }, 200, { bio: '' }],
    [
      'a bio of 151 characters is refused',
      'alice',
      PATCH,
      { bio: 'b'.repeat(151) },
      400,
      { bio: ['Ensure this field has no more than 150 characters.'] },
    ],
    [
      "nobody takes another's address",
      'eve',
      PATCH,
      { email: 'carol@example.com' },
      400,
      { email: ['Email is already in use.'] },
    ],
    [
      '…who logs in by it as before',
      'anonymous',
      'POST /api/login/',
      { identifier: 'carol@example.com', password: RECORDED_PASSWORD },
      200,
    ],
    [
      'a drawing with scripts is no picture',
      'alice',
      PATCH,
      form({
        profile_pic: {
          bytes: new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'),
          name: 'x.svg',
          type: 'image/svg+xml',
        },
      }),
      400,
      { profile_pic: [expect.any(String)] },
    ],
    [
      'old_password only',
      'bob',
      PATCH,
      { old_password: RECORDED_PASSWORD },
      400,
      { new_password: [expect.any(String)] },
    ],
  ])
})

describe('changing the password', async () => {
  const password = RECORDED_PASSWORD
  const next = 'N3w-passw0rd'
  const login = 'POST /api/login/'
  const change = (from: string, to: string, confirmed = to) => ({
    old_password: from,
    new_password: to,
    confirm_password: confirmed,
  })
  const elsewhere = (await send(anonymous, login, { identifier: 'bob', password })).body.tokens
  replay(cast, [
    [
      'ok',
      'bob',
      PATCH,
      change(password, next),
      200,
      { first_name: '', bio: null, last_name: '', email: 'bob@example.com' },
    ],
    [
      'old password no longer logs in',
      'anonymous',
      login,
      { identifier: 'bob', password },
      400,
      { non_field_errors: ['Invalid login credentials.'] },
    ],
    ['the new one does', 'anonymous', login, { identifier: 'bob', password: next }, 200],
    ['the session that changed it goes on', 'bob', GET, undefined, 200, { username: 'bob' }],
    [
      'its refresh token too',
      'anonymous',
      'POST /api/token/refresh/',
      { refresh: bob.refresh },
      200,
      { access: '<jwt>' },
    ],
    [
      'the other sessions end, unlike in the original',
      'anonymous',
      'POST /api/token/refresh/',
      { refresh: elsewhere.refresh },
      401,
      { detail: 'Token is blacklisted', code: 'token_not_valid' },
    ],
    [
      'wrong old password',
      'bob',
      PATCH,
      change('nope', 'N3w-passw0rd2'),
      400,
      { old_password: ['Old password is incorrect.'] },
    ],
    [
      'no old password',
      'bob',
      PATCH,
      { new_password: 'N3w-passw0rd2', confirm_password: 'N3w-passw0rd2' },
      400,
      { old_password: ['Old password is incorrect.'] },
    ],
    [
      'mismatch',
      'bob',
      PATCH,
      change(next, 'N3w-passw0rd2', 'x'),
      400,
      { confirm_password: ['New passwords do not match.'] },
    ],
    ['too weak', 'bob', PATCH, change(next, '123'), 400, { new_password: [expect.any(String)] }],
    [
      'similar to the username',
      'carol',
      PATCH,
      change(password, 'carol@example'),
      400,
      { new_password: [expect.any(String)] },
    ],
    [
      'blank password fields change nothing',
      'bob',
      PATCH,
      form({ bio: 'x', old_password: '', new_password: '', confirm_password: '' }),
      200,
      { bio: 'x', email: 'bob@example.com' },
    ],
    ['with PUT', 'bob', 'PUT /api/profile/', change(next, password), 200, { bio: 'x' }],
  ])
})
