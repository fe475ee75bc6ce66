import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { PASSWORD, startTestServer } from '@confab/testkit/server'
import sharp from 'sharp'
import { expect, test } from 'vitest'

const server = await startTestServer()
const { anonymous } = server

const STRONG = 'N3w-passw0rd'
const picture = (background = 'red') =>
  sharp({ create: { width: 40, height: 30, channels: 3, background } })
    .png()
    .toBuffer()

const logIn = (identifier: string, password: string) => anonymous.post('/api/login/', { identifier, password })
const passwords = (old_password: string, new_password: string, confirm_password = new_password) => ({
  old_password,
  new_password,
  confirm_password,
})

/** What was told to the person's own devices: the last event of their topic. */
async function lastEventOf(userId: number): Promise<{ type: string; data: { user: Record<string, unknown> } }> {
  const { rows } = await server.database.pool.query(
    'SELECT type, data FROM user_events WHERE user_id = $1 ORDER BY seq DESC LIMIT 1',
    [userId],
  )
  return rows[0]
}

test('a new profile has a name, an address, and everything else at its default', async () => {
  const ada = await server.person('ada')

  expect((await ada.get('/api/profile/')).body).toEqual({
    id: ada.id,
    username: ada.username,
    first_name: '',
    last_name: '',
    full_name: null,
    bio: null,
    email: ada.email,
    profile_pic: null,
    friends: [],
    online_status: false,
    last_seen: null,
    is_staff: false,
    allow_direct_messages: 'everyone',
    allow_group_adds: 'everyone',
    email_visibility: 'nobody',
    presence_visibility: 'everyone',
    send_read_receipts: true,
  })
})

test.each(['put', 'patch'] as const)('%s changes what is given and leaves the rest', async (method) => {
  const ada = await server.person('ada')

  const first = await ada[method]('/api/profile/', { first_name: ' Alice ', last_name: 'Liddell', bio: 'hi' })
  const second = await ada[method]('/api/profile/', { bio: '', allow_group_adds: 'friends', send_read_receipts: false })

  expect(first).toMatchObject({
    status: 200,
    body: { first_name: 'Alice', bio: 'hi', last_name: 'Liddell', email: ada.email, profile_pic: null },
  })
  expect(second).toMatchObject({ status: 200, body: { first_name: 'Alice', bio: '' } })
  expect((await ada.get('/api/profile/')).body).toMatchObject({
    full_name: 'Alice Liddell',
    bio: '',
    allow_group_adds: 'friends',
    send_read_receipts: false,
  })
})

test('a change is told to the own devices, once, with the whole profile; what is so already is not', async () => {
  const ada = await server.person('ada')
  await ada.patch('/api/profile/', { bio: 'down the hole' })
  const told = await lastEventOf(ada.id)

  await ada.patch('/api/profile/', { bio: 'down the hole' })
  await ada.patch('/api/profile/', passwords(PASSWORD, STRONG))

  expect(told).toEqual({ type: 'user.updated', data: { user: (await ada.get('/api/profile/')).body } })
  const { rows } = await server.database.pool.query('SELECT FROM user_events WHERE user_id = $1', [ada.id])
  expect(rows).toHaveLength(1)
})

test('a change while a friendship ends is told with the friends there are after it', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  await server.befriend(ada, bob)
  const ending = await server.database.pool.connect()
  await ending.query('BEGIN')
  await ending.query('DELETE FROM friendships WHERE $1 IN (low_id, high_id)', [ada.id])
  await ending.query(`SELECT * FROM record_user_events($1, '{friend.removed}', $2)`, [
    [ada.id],
    [JSON.stringify({ user_id: bob.id })],
  ])

  const changing = ada.patch('/api/profile/', { bio: 'alone' })
  await untilLockAwaited(server.database.pool)
  await ending.query('COMMIT')
  ending.release()
  await changing

  expect(await lastEventOf(ada.id)).toMatchObject({
    type: 'user.updated',
    data: { user: { bio: 'alone', friends: [] } },
  })
})

test('of more than a thousand friends the lowest ids are shown, alike in the profile and to the own devices', async () => {
  const [bob, ada] = await server.people('bob', 'ada')
  await server.befriend(ada, bob)
  const { rows } = await server.database.pool.query<{ ids: number[] }>(
    `WITH friends AS (
       INSERT INTO users (username, password_hash)
       SELECT 'friend-' || i || '-of-' || $1::bigint, '' FROM generate_series(1, 1000) i RETURNING id
     ), befriended AS (INSERT INTO friendships (low_id, high_id) SELECT $1::bigint, id FROM friends)
     SELECT json_agg(id ORDER BY id) AS ids FROM friends`,
    [ada.id],
  )
  const lowest = [bob.id, ...(rows[0]?.ids.slice(0, 999) ?? [])]

  await ada.patch('/api/profile/', { bio: 'known to many' })

  expect(lowest).toHaveLength(1_000)
  expect((await ada.get('/api/profile/')).body.friends).toEqual(lowest)
  expect((await ada.get(`/api/users/${ada.id}/`)).body.friends).toEqual(lowest)
  expect(await lastEventOf(ada.id)).toMatchObject({ type: 'user.updated', data: { user: { friends: lowest } } })
})

test('what is not one’s own to change is ignored', async () => {
  const ada = await server.person('ada')

  await ada.patch('/api/profile/', { username: 'mallory', is_staff: true, last_seen: '2020-01-01T00:00:00Z', id: 1 })

  expect((await ada.get('/api/profile/')).body).toMatchObject({ id: ada.id, username: ada.username, last_seen: null })
})

test.each([
  [{ bio: null }, { bio: ['This field may not be null.'] }],
  [{ bio: 'b'.repeat(151) }, { bio: ['Ensure this field has no more than 150 characters.'] }],
  [{ first_name: 'b'.repeat(151) }, { first_name: ['Ensure this field has no more than 150 characters.'] }],
  [{ email: 'nope' }, { email: ['Enter a valid email address.'] }],
  [{ allow_group_adds: 'nobody' }, { allow_group_adds: ['"nobody" is not a valid choice.'] }],
  [{ send_read_receipts: 'perhaps' }, { send_read_receipts: ['Must be a valid boolean.'] }],
  [
    { profile_pic: 'http://x/y.png' },
    { profile_pic: ['The submitted data was not a file. Check the encoding type on the form.'] },
  ],
])('%o is refused by field', async (change, expected) => {
  const ada = await server.person('ada')

  expect(await ada.patch('/api/profile/', change)).toMatchObject({ status: 400, body: expected })
})

test('emoji count as one character each', async () => {
  const ada = await server.person('ada')

  expect((await ada.patch('/api/profile/', { bio: '🦊'.repeat(150) })).status).toBe(200)
})

test('another address logs in at once, the former one no longer, and somebody else may have it', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const address = `new-${ada.email}`

  expect((await ada.patch('/api/profile/', { email: address })).body.email).toBe(address)

  expect((await logIn(address.toUpperCase(), PASSWORD)).status).toBe(200)
  expect((await logIn(ada.email, PASSWORD)).status).toBe(400)
  expect((await bob.patch('/api/profile/', { email: ada.email })).status).toBe(200)
})

test('nobody takes the address or the username of somebody else as their address', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const eve = `${ada.username}@somewhere.example`
  await anonymous.post('/api/register/', { username: eve, password: PASSWORD, confirm_password: PASSWORD })

  for (const email of [ada.email.toUpperCase(), eve]) {
    expect(await bob.patch('/api/profile/', { email })).toMatchObject({
      status: 400,
      body: { email: ['Email is already in use.'] },
    })
  }
  expect((await logIn(ada.email, PASSWORD)).status).toBe(200)
})

test('the own address may be written in another case, and taken away', async () => {
  const ada = await server.person('ada')

  expect((await ada.patch('/api/profile/', { email: ada.email.toUpperCase() })).body.email).toBe(
    ada.email.toUpperCase(),
  )
  expect((await logIn(ada.email, PASSWORD)).status).toBe(200)
  expect((await ada.patch('/api/profile/', { email: '' })).body.email).toBe('')
  expect((await logIn(ada.email, PASSWORD)).status).toBe(400)
})

test('of several who want the same address at once, one gets it', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, (_, index) => server.person(`p${index}`)))
  const email = `wanted-${people[0]?.email}`

  const replies = await Promise.all(people.map((person) => person.patch('/api/profile/', { email })))

  expect(replies.map((reply) => reply.status).sort()).toEqual([200, ...Array(7).fill(400)])
})

test('two who exchange their addresses at once both keep one that is theirs alone', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const pairs = [
    [ada, bob.email],
    [bob, ada.email],
  ] as const

  await Promise.all(pairs.map(([person, email]) => person.patch('/api/profile/', { email })))

  for (const person of [ada, bob]) {
    const { email } = (await person.get('/api/profile/')).body
    const { rows } = await server.database.pool.query('SELECT user_id FROM login_names WHERE name = $1', [email])
    expect(rows).toEqual([{ user_id: person.id }])
  }
})

test('a picture is taken, served, replaced and removed', async () => {
  const ada = await server.person('ada')
  const bytes = await picture()

  const taken = await ada.patch('/api/profile/', undefined, { form: { first_name: 'Alice', profile_pic: { bytes } } })
  expect(taken).toMatchObject({ status: 200, body: { first_name: 'Alice' } })
  const first = taken.body.profile_pic
  expect(first).toMatch(new RegExp(`^${server.url}/media/profile/[0-9a-f]{40}$`))
  expect((await fetch(first)).status).toBe(200)

  const replaced = await ada.put('/api/profile/', undefined, {
    form: { profile_pic: { bytes: await picture('blue') } },
  })
  expect(replaced.body.profile_pic).not.toBe(first)
  expect((await fetch(first)).status).toBe(404)
  expect((await ada.get('/api/profile/')).body.profile_pic).toBe(replaced.body.profile_pic)
  expect((await lastEventOf(ada.id)).data.user.profile_pic).toBe(new URL(replaced.body.profile_pic).pathname)

  const removed = await ada.patch('/api/profile/', { profile_pic: null })
  expect(removed).toMatchObject({ status: 200, body: { profile_pic: null } })
  expect((await fetch(replaced.body.profile_pic)).status).toBe(404)
})

test.each([
  [
    'is no image',
    Buffer.from('not an image'),
    'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
  ],
  ['is empty', Buffer.alloc(0), 'The submitted file is empty.'],
])('a file that %s is refused under its field, and changes nothing', async (_what, bytes, message) => {
  const ada = await server.person('ada')

  const reply = await ada.patch('/api/profile/', undefined, { form: { bio: 'new', profile_pic: { bytes } } })

  expect(reply).toMatchObject({ status: 400, body: { profile_pic: [message] } })
  expect((await ada.get('/api/profile/')).body).toMatchObject({ bio: null, profile_pic: null })
})

test('everything that is wrong with the account is said at once', async () => {
  const [ada, bob] = await server.people('ada', 'bob')

  const reply = await ada.patch('/api/profile/', { ...passwords(PASSWORD, '123', '321'), email: bob.email })

  expect(reply).toMatchObject({
    status: 400,
    body: {
      new_password: ['This password is too short. It must contain at least 8 characters.'],
      confirm_password: ['New passwords do not match.'],
      email: ['Email is already in use.'],
    },
  })
})

test.each([
  ['a wrong old password', passwords('nope', STRONG), { old_password: ['Old password is incorrect.'] }],
  [
    'no old password',
    { new_password: STRONG, confirm_password: STRONG },
    { old_password: ['Old password is incorrect.'] },
  ],
  ['two new passwords', passwords(PASSWORD, STRONG, 'x'), { confirm_password: ['New passwords do not match.'] }],
  ['only the old password', { old_password: PASSWORD }, { new_password: ['This field is required.'] }],
])('%s does not change the password', async (_what, change, expected) => {
  const ada = await server.person('ada')

  const reply = await ada.patch('/api/profile/', change)

  expect(reply.status).toBe(400)
  expect(reply.body).toEqual(expected)
  expect((await logIn(ada.username, PASSWORD)).status).toBe(200)
})

test('a password that is made of the own address is too easy to guess', async () => {
  const ada = await server.person('ada')
  await ada.patch('/api/profile/', { email: 'grace.hopper@navy.example' })

  const reply = await ada.patch('/api/profile/', passwords(PASSWORD, 'grace.hopper@navy'))

  expect(reply.body).toEqual({ new_password: [expect.stringContaining('too easy to guess')] })
})

test('blank password fields change no password', async () => {
  const ada = await server.person('ada')
  const form = { bio: 'x', old_password: '', new_password: '', confirm_password: '' }

  expect(await ada.patch('/api/profile/', undefined, { form })).toMatchObject({ status: 200, body: { bio: 'x' } })
  expect((await logIn(ada.username, PASSWORD)).status).toBe(200)
})

test('a new password logs in, the old one does not, and only this session goes on', async () => {
  const ada = await server.person('ada')
  const other = (await logIn(ada.username, PASSWORD)).body.tokens
  const elsewhere = { headers: { authorization: `Bearer ${other.access}` } }
  expect((await anonymous.get('/api/profile/', elsewhere)).status).toBe(200)

  expect((await ada.put('/api/profile/', passwords(PASSWORD, STRONG))).status).toBe(200)

  expect((await logIn(ada.username, PASSWORD)).status).toBe(400)
  expect((await logIn(ada.username, STRONG)).status).toBe(200)
  expect((await ada.get('/api/profile/')).status).toBe(200)
  expect((await ada.post('/api/token/refresh/', { refresh: ada.refresh })).status).toBe(200)
  expect((await anonymous.get('/api/profile/', elsewhere)).status).toBe(401)
  expect((await anonymous.post('/api/token/refresh/', { refresh: other.refresh })).body.detail).toBe(
    'Token is blacklisted',
  )
})

test('of simultaneous password changes one succeeds, and no login by the old password outlives it', async () => {
  const ada = await server.person('ada')
  const wanted = Array.from({ length: 8 }, (_, index) => `${STRONG}-${index}`)

  const [changes, logins] = await Promise.all([
    Promise.all(wanted.map((password) => ada.patch('/api/profile/', passwords(PASSWORD, password)))),
    Promise.all(Array.from({ length: 8 }, () => logIn(ada.username, PASSWORD))),
  ])

  expect(changes.map((reply) => reply.status).sort()).toEqual([200, ...Array(7).fill(400)])
  const won = wanted[changes.findIndex((reply) => reply.status === 200)] ?? ''
  expect((await logIn(ada.username, won)).status).toBe(200)
  for (const login of logins.filter((reply) => reply.status === 200)) {
    const headers = { authorization: `Bearer ${login.body.tokens.access}` }
    expect((await anonymous.get('/api/profile/', { headers })).status).toBe(401)
  }
})

test('the profile has no post', async () => {
  const ada = await server.person('ada')

  expect(await ada.post('/api/profile/')).toMatchObject({
    status: 405,
    body: { detail: 'Method "POST" not allowed.' },
  })
})
