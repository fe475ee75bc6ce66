import { pbkdf2Sync } from 'node:crypto'
import { PASSWORD, startTestServer, userIdOf } from '@confab/testkit/server'
import { expect, test } from 'vitest'

const server = await startTestServer()
const { anonymous } = server

const logIn = (identifier: string, password: string) => anonymous.post('/api/login/', { identifier, password })

const WRONG = { status: 400, body: { non_field_errors: ['Invalid login credentials.'] } }

/** As Django stores it. */
function djangoHash(password: string): string {
  const [iterations, salt] = [1_000, 'saltofdjango']
  const hash = pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')
  return `pbkdf2_sha256$${iterations}$${salt}$${hash}`
}

async function storedHash(userId: number): Promise<string> {
  const { rows } = await server.database.pool.query('SELECT password_hash FROM users WHERE id = $1', [userId])
  return rows[0].password_hash
}

async function storeHash(userId: number, hash: string): Promise<void> {
  await server.database.pool.query('UPDATE users SET password_hash = $2 WHERE id = $1', [userId, hash])
}

test('a username and an address log in, in any case', async () => {
  const ada = await server.person('Ada')
  const identifiers = [ada.username, ada.username.toUpperCase(), ada.email, ada.email.toUpperCase(), ` ${ada.email} `]

  for (const identifier of identifiers) {
    const reply = await logIn(identifier, PASSWORD)
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.body)).toEqual(['tokens'])
    expect(userIdOf(reply.body.tokens.access)).toBe(ada.id)
  }
})

test('a wrong password and an unknown name get the same answer', async () => {
  const ada = await server.person('ada')

  expect(await logIn(ada.username, 'nope')).toMatchObject(WRONG)
  expect(await logIn('nobody', 'nope')).toMatchObject(WRONG)
  expect(await logIn(ada.username, `${PASSWORD} `)).toMatchObject(WRONG)
})

test.each([
  [{}, { identifier: ['This field is required.'], password: ['This field is required.'] }],
  [
    { identifier: '', password: '' },
    { identifier: ['This field may not be blank.'], password: ['This field may not be blank.'] },
  ],
  [{ username: 'alice', password: 'Passw0rd!x' }, { identifier: ['This field is required.'] }],
])('logging in with %o names the fields', async (body, expected) => {
  const reply = await anonymous.post('/api/login/', body)

  expect(reply.status).toBe(400)
  expect(reply.body).toEqual(expected)
})

test('a password of Django logs in, and is stored anew by our own method at that moment', async () => {
  const ada = await server.person('ada')
  await storeHash(ada.id, djangoHash('from Django times'))

  expect(await logIn(ada.username, 'from Django time')).toMatchObject(WRONG)
  expect(await storedHash(ada.id)).toMatch(/^pbkdf2_sha256\$/)

  expect((await logIn(ada.username, 'from Django times')).status).toBe(200)
  expect(await storedHash(ada.id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect((await logIn(ada.username, 'from Django times')).status).toBe(200)
})

test('everyone who logs in while their password is stored anew gets in', async () => {
  const ada = await server.person('ada')
  await storeHash(ada.id, djangoHash('from Django times'))

  const replies = await Promise.all(Array.from({ length: 8 }, () => logIn(ada.username, 'from Django times')))

  expect(replies.map((reply) => reply.status)).toEqual(Array(8).fill(200))
})

test.each(['', '!unusable', 'pbkdf2_sha256$0$salt$AAAA', 'pbkdf2_sha256$99999999999$salt$AAAA', '$argon2id$broken'])(
  'nobody logs in to an account whose stored hash is "%s"',
  async (hash) => {
    const ada = await server.person('ada')
    await storeHash(ada.id, hash)

    expect(await logIn(ada.username, PASSWORD)).toMatchObject(WRONG)
    expect(await logIn(ada.username, ' ')).toMatchObject(WRONG)
  },
)
