import { startTestServer, userIdOf } from '@confab/testkit/server'
import { expect, test } from 'vitest'

const server = await startTestServer()
const { anonymous } = server

const STRONG = 'Passw0rd!x'
const TAKEN_NAME = 'A user with that username already exists.'
const TAKEN_EMAIL = 'Email is already in use.'

let counter = 0
const unique = (name = 'user') => `${name}${++counter}`
const form = (username: string, more: Record<string, unknown> = {}) => ({
  username,
  email: `${username}@example.com`,
  password: STRONG,
  confirm_password: STRONG,
  ...more,
})
const signUp = (username: string, more: Record<string, unknown> = {}) =>
  anonymous.post('/api/register/', form(username, more))

test('registering answers the tokens of a first login, which work at once', async () => {
  const reply = await signUp(unique())

  expect(reply).toMatchObject({ status: 201, body: { message: 'User created successfully' } })
  expect(Object.keys(reply.body.tokens)).toEqual(['refresh', 'access'])
  const profile = await anonymous.get('/api/profile/', {
    headers: { authorization: `Bearer ${reply.body.tokens.access}` },
  })
  expect(profile).toMatchObject({ status: 200, body: { id: userIdOf(reply.body.tokens.access) } })
})

test('the taken name and the taken address are both named at once, in whatever case they are written', async () => {
  const name = unique('Alice')
  await signUp(name)

  expect(await signUp(name.toUpperCase(), { email: 'other@example.com' })).toMatchObject({
    status: 400,
    body: { username: [TAKEN_NAME] },
  })
  expect(await signUp(unique(), { email: `${name.toLowerCase()}@EXAMPLE.com` })).toMatchObject({
    status: 400,
    body: { email: [TAKEN_EMAIL] },
  })
  expect((await signUp(name)).body).toEqual({ username: [TAKEN_NAME], email: [TAKEN_EMAIL] })
})

test("nobody takes another's address as a username, or another's username as an address", async () => {
  const name = unique('dave')
  await signUp(name)
  await signUp(`${name}@work.example`, { email: `${name}@home.example` })

  expect((await signUp(`${name}@example.com`, { email: 'squat@example.com' })).body).toEqual({ username: [TAKEN_NAME] })
  expect((await signUp(unique(), { email: `${name}@work.example` })).body).toEqual({ email: [TAKEN_EMAIL] })
})

test('somebody may have their own address as their username', async () => {
  const name = `${unique('eve')}@example.com`
  const reply = await signUp(name, { email: name })

  expect(reply.status).toBe(201)
  expect((await anonymous.post('/api/login/', { identifier: name, password: STRONG })).status).toBe(200)
})

test('of simultaneous registrations of one name in several spellings, one succeeds', async () => {
  const name = unique('racer')
  const spellings = [...name].map((_, at) => name.slice(0, at) + name.slice(at).toUpperCase()).concat(name, name)

  const replies = await Promise.all(
    spellings.map((spelling, index) => signUp(spelling, { email: `racer${index}@example.com` })),
  )

  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1)
  for (const reply of replies.filter((one) => one.status !== 201)) {
    expect(reply).toMatchObject({ status: 400, body: { username: [TAKEN_NAME] } })
  }
  const { rows } = await server.database.pool.query('SELECT FROM users WHERE lower(username) = $1', [name])
  expect(rows).toHaveLength(1)
})

test('two who want each the name that is the address of the other leave no half account behind', async () => {
  const [one, other] = [`${unique('x')}@example.com`, `${unique('y')}@example.com`]
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0 ? signUp(one, { email: other }) : signUp(other, { email: one }),
    ),
  )

  expect(replies.map((reply) => reply.status).sort()).toEqual([201, ...Array(7).fill(400)])
  const { rows } = await server.database.pool.query('SELECT kind FROM login_names WHERE name IN ($1, $2)', [one, other])
  expect(rows.map((row) => row.kind).sort()).toEqual(['email', 'username'])
})

test.each([
  [
    'nothing',
    {},
    {
      username: ['This field is required.'],
      password: ['This field is required.'],
      confirm_password: ['This field is required.'],
    },
  ],
  [
    'blanks',
    { username: '', email: '', password: '', confirm_password: '' },
    {
      username: ['This field may not be blank.'],
      password: ['This field may not be blank.'],
      confirm_password: ['This field may not be blank.'],
    },
  ],
  [
    'nulls',
    { username: null, email: null, password: null, confirm_password: null },
    {
      username: ['This field may not be null.'],
      email: ['This field may not be null.'],
      password: ['This field may not be null.'],
      confirm_password: ['This field may not be null.'],
    },
  ],
  [
    'a name and an address that are none',
    form('a b!', { email: 'nope' }),
    {
      username: ['Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'],
      email: ['Enter a valid email address.'],
    },
  ],
  [
    'a name of 151 characters',
    form('u'.repeat(151), { email: 'long@example.com' }),
    { username: ['Ensure this field has no more than 150 characters.'] },
  ],
  ['two passwords', form('zed', { confirm_password: 'other' }), { password: ['Passwords do not match.'] }],
  [
    'a password of one character',
    form('weak', { password: '1', confirm_password: '1' }),
    { password: ['This password is too short. It must contain at least 8 characters.'] },
  ],
  ['no object', [1, 2], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
])('registering with %s is refused by field', async (_what, body, expected) => {
  expect(await anonymous.post('/api/register/', body)).toMatchObject({ status: 400, body: expected })
})

test.each(['password123', 'qwertyuiop', '12345678', 'carolcarol', 'carol@example', 'a'.repeat(200)])(
  'the password %s of carol is too easy to guess',
  async (password) => {
    const reply = await signUp('carol', { password, confirm_password: password })

    expect(reply).toMatchObject({ status: 400, body: { password: [expect.stringContaining('too easy to guess')] } })
  },
)

test('a long password counts by its end too, is taken as typed, and keeps nobody waiting', async () => {
  const name = unique()
  const password = ` ${'a'.repeat(600)}Kx#9vL!q2Zt&8wRm `

  expect((await signUp(name, { password, confirm_password: password })).status).toBe(201)
  expect((await anonymous.post('/api/login/', { identifier: name, password })).status).toBe(200)
  expect((await anonymous.post('/api/login/', { identifier: name, password: password.trim() })).status).toBe(400)
})

test('an address is not needed', async () => {
  const name = unique()
  const reply = await anonymous.post('/api/register/', { username: name, password: STRONG, confirm_password: STRONG })

  expect(reply.status).toBe(201)
  const profile = await anonymous.get('/api/profile/', {
    headers: { authorization: `Bearer ${reply.body.tokens.access}` },
  })
  expect(profile.body.email).toBe('')
})

test('a form registers too, without a slash at the end of the path, and whatever header comes with it', async () => {
  const urlencoded = { username: unique(), password: STRONG, confirm_password: STRONG, identifier: '' }
  const reply = await anonymous.post('/api/register', undefined, {
    urlencoded,
    headers: { authorization: 'Bearer stale' },
  })

  expect(reply.status).toBe(201)
})

test('registering is a POST', async () => {
  const reply = await anonymous.get('/api/register/')

  expect(reply).toMatchObject({ status: 405, body: { detail: 'Method "GET" not allowed.' } })
  expect(reply.headers.get('allow')).toBe('POST, OPTIONS')
})

test('whether a username is free is told before registering, without regard to case', async () => {
  const ada = await server.person('ada')
  const ask = (username: string) =>
    anonymous.get(`/api/register/availability/?username=${encodeURIComponent(username)}`)

  expect(await ask(ada.username.toUpperCase())).toMatchObject({ status: 200, body: { is_available: false } })
  expect(await ask(ada.email)).toMatchObject({ status: 200, body: { is_available: false } })
  expect(await ask(`${ada.username}_2`)).toMatchObject({ status: 200, body: { is_available: true } })
  expect(await ask('two words')).toMatchObject({ status: 400, body: { username: [expect.any(String)] } })
})
