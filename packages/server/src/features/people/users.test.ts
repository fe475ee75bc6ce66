import { expectStatus, startTestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ask, nextOf, type Stored, storeUsers, uniqueWord } from './testing.ts'

const server = await startTestServer()
const names = (users: { username: string }[]) => users.map((user) => user.username)
const idsOf = (users: { id: number }[]) => users.map((user) => user.id)

test('a stranger is shown without email and friends, oneself with both', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  await server.befriend(bob, carol)

  expect(await alice.get(`/api/users/${bob.id}/`)).toMatchObject({
    status: 200,
    body: {
      id: bob.id,
      username: bob.username,
      bio: null,
      email: null,
      first_name: '',
      last_name: '',
      friends: [],
      profile_pic: null,
      friendship_status: null,
      outgoing_request_id: null,
      incoming_request_id: null,
      is_blocked: false,
    },
  })
  expect(await bob.get(`/api/users/${bob.id}/`)).toMatchObject({
    body: { email: bob.email, friends: [carol.id], friendship_status: null },
  })
  const { body } = await alice.get(`/api/users/?search=${bob.username}`)
  expect(body).toMatchObject([{ id: bob.id, email: null, friends: [] }])
})

test('a friend is shown with their friends, and with their email once they show it to friends', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  await server.befriend(alice, bob)
  await server.befriend(bob, carol)
  const path = `/api/users/${bob.id}/`

  const before = await alice.get(path)
  expectStatus(await bob.patch('/api/profile/', { email_visibility: 'friends' }), 200)
  const after = await alice.get(path)
  const listed = await alice.get(`/api/users/?search=${bob.username}`)

  expect(before.body).toMatchObject({
    email: null,
    friends: [alice.id, carol.id].sort((one, other) => one - other),
    friendship_status: 'friends',
  })
  expect(after.body).toMatchObject({ email: bob.email })
  expect(listed.body).toEqual([after.body])
  const [dave] = await server.people('dave')
  expect(await dave.get(path)).toMatchObject({ body: { email: null, friends: [] } })
})

test('each of the two sees a pending request from their side, and neither sees it once it is answered', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const aliceSeesBob = () => alice.get(`/api/users/${bob.id}/`)
  const bobSeesAlice = () => bob.get(`/api/users/${alice.id}/`)
  const id = await ask(alice, bob)

  expect((await aliceSeesBob()).body).toMatchObject({
    friendship_status: 'request_sent',
    outgoing_request_id: id,
    incoming_request_id: null,
  })
  expect((await bobSeesAlice()).body).toMatchObject({
    friendship_status: 'request_received',
    outgoing_request_id: null,
    incoming_request_id: id,
  })

  expectStatus(await bob.post(`/api/friend-requests/${id}/reject/`), 200)

  const nothing = { friendship_status: null, outgoing_request_id: null, incoming_request_id: null }
  expect((await aliceSeesBob()).body).toMatchObject(nothing)
  expect((await bobSeesAlice()).body).toMatchObject(nothing)
})

test('a picture is an absolute address', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const red = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  )
  expectStatus(await bob.request('PATCH', '/api/profile/', undefined, { form: { profile_pic: { bytes: red } } }), 200)

  const { body } = await alice.get(`/api/users/${bob.id}/`)

  expect(body.profile_pic).toMatch(`${server.url}/media/profile/`)
  expect((await fetch(body.profile_pic)).status).toBe(200)
})

test.each([
  ['a part of the username', (word: string) => word.slice(2, 9)],
  ['the first name in another case', (word: string) => `FIRST${word.toUpperCase()}`],
  ['a part of the last name', (word: string) => `st-${word}`],
  ['words of several names', (word: string) => `${word} first last-`],
  ['words parted by commas', (word: string) => `${word},first`],
])('the search finds %s', async (_what, query) => {
  const word = uniqueWord()
  const [id] = await storeUsers(server, [
    { username: `${word}.name`, first_name: `First${word}`, last_name: `last-${word}` },
  ])
  const [alice] = await server.people('alice')

  const { body } = await alice.get(`/api/users/?search=${encodeURIComponent(query(word))}`)

  expect(idsOf(body)).toEqual([id])
})

test.each([
  ['one of its words is nowhere', (word: string) => `${word} zzzz`],
  ['it is in the email address only', (word: string) => `${word}@example`],
  ['it has a wildcard', (word: string) => `${word.slice(0, 4)}%${word.slice(5)}`],
  ['it has another wildcard', (word: string) => `${word.slice(0, 4)}_${word.slice(5)}`],
])('the search finds nobody where %s', async (_why, query) => {
  const [alice, bob] = await server.people('alice', 'bob')
  const word = bob.username.slice(4)

  expect((await alice.get(`/api/users/?search=${word}`)).body).toHaveLength(1)
  expect((await alice.get(`/api/users/?search=${encodeURIComponent(query(word))}`)).body).toEqual([])
})

test('the list has the caller in it, and everybody', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { body } = await alice.get('/api/users/?limit=500')

  expect(idsOf(body)).toEqual(expect.arrayContaining([alice.id, bob.id]))
})

test('the order is by username whatever its case, unless one of the three names is asked for', async () => {
  const word = uniqueWord()
  await storeUsers(server, [
    { username: `b${word}`, first_name: 'Zoe', last_name: 'Young' },
    { username: `A${word}`, first_name: 'Mia', last_name: 'adams' },
    { username: `c${word}`, first_name: 'eva', last_name: 'Moore' },
  ])
  const [alice] = await server.people('alice')
  const initials = async (ordering: string) => {
    const { body } = await alice.get(`/api/users/?search=${word}&ordering=${ordering}`)
    return names(body)
      .map((name) => name[0])
      .join('')
  }

  expect(await initials('')).toBe('Abc')
  expect(await initials('username')).toBe('Abc')
  expect(await initials('-username')).toBe('cbA')
  expect(await initials('first_name')).toBe('cAb')
  expect(await initials('-last_name')).toBe('bcA')
  for (const ignored of ['email', 'id', 'bogus', '--username']) expect(await initials(ignored)).toBe('Abc')
})

test('refusals are those of the original', async () => {
  const [alice, bob] = await server.people('alice', 'bob')

  expect(await server.anonymous.get('/api/users/')).toMatchObject({
    status: 401,
    body: { detail: 'Authentication credentials were not provided.' },
  })
  const requests: [string, string, number, unknown][] = [
    ['GET', '/api/users/99999/', 404, { detail: 'No User matches the given query.' }],
    ['GET', '/api/users/99999999999999999999/', 404, { detail: 'No User matches the given query.' }],
    ['GET', '/api/users/abc/', 404, { detail: 'Not found.' }],
    ['GET', '/api/users/?search=%00', 400, ['Null characters are not allowed.']],
    ['POST', '/api/users/', 405, { detail: 'Method "POST" not allowed.' }],
    ['DELETE', `/api/users/${bob.id}/`, 405, { detail: 'Method "DELETE" not allowed.' }],
  ]
  for (const [method, path, status, body] of requests) {
    expect(await alice.request(method, path), `${method} ${path}`).toMatchObject({ status, body })
  }
})

test('a cursor that the server never made is refused, and one of another order is ignored', async () => {
  const [alice] = await server.people('alice')
  const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const get = (cursor: string) => alice.get(`/api/users/?limit=1&cursor=${cursor}`)

  for (const cursor of [
    'nonsense',
    forge('users:username', 0, 'a', 'b'),
    forge('users:username', 0, 7),
    forge('users:username', 0, 'a', 1, 2),
    forge('users:username', 0, 'a'),
  ]) {
    expect(await get(cursor), cursor).toMatchObject({ status: 404, body: { detail: 'Invalid cursor' } })
  }
  expect((await get(forge('users:-username', 0, '', 0))).body).toEqual((await get('')).body)
})

test('pages of long names in many bytes follow each other', async () => {
  const word = uniqueWord()
  await storeUsers(
    server,
    ['a', 'b', 'c'].map((end) => ({ username: `${word}${end}`, first_name: '🦊'.repeat(149) + end })),
  )
  const [alice] = await server.people('alice')

  const seen: string[] = []
  let path: string | undefined = `/api/users/?search=${word}&ordering=-first_name&limit=1`
  while (path !== undefined) {
    const reply = expectStatus(await alice.get(path), 200)
    seen.push(...names(reply.body))
    path = nextOf(reply)
  }

  expect(seen).toEqual([`${word}c`, `${word}b`, `${word}a`])
})

test('pages neither skip nor repeat anybody while people join', async () => {
  const [alice] = await server.people('alice')
  const name = fc.constantFrom('', 'a', 'A', 'b', 'Zoë', 'zoe', 'ä', '🦊', 'Ж', 'ж', 'same', 'same')
  const someone = fc.record({ start: name, first_name: name, last_name: name })
  const ordering = fc.constantFrom('username', '-username', 'first_name', '-first_name', 'last_name', '-last_name')

  await fc.assert(
    fc.asyncProperty(
      fc.array(someone, { minLength: 1, maxLength: 12 }),
      fc.array(fc.array(someone, { maxLength: 3 }), { maxLength: 6 }),
      ordering,
      fc.integer({ min: 1, max: 5 }),
      async (present, joiners, order, limit) => {
        const word = uniqueWord()
        let count = 0
        const named = ({ start, ...rest }: { start: string; first_name: string; last_name: string }): Stored => ({
          username: `${start}${word}${++count}`,
          ...rest,
        })
        const ids = await storeUsers(server, present.map(named))
        const list = `/api/users/?search=${word}&ordering=${order}`

        const seen: number[] = []
        let path: string | undefined = `${list}&limit=${limit}`
        for (let page = 0; path !== undefined; page++) {
          const reply = expectStatus(await alice.get(path), 200)
          expect(reply.body.length).toBeLessThanOrEqual(limit)
          expect(page, 'pages without end').toBeLessThan(50)
          seen.push(...idsOf(reply.body))
          path = nextOf(reply)
          await storeUsers(server, (joiners[page] ?? []).map(named))
        }

        const all: number[] = idsOf((await alice.get(`${list}&limit=500`)).body)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen).toEqual(expect.arrayContaining(ids))
        expect(seen).toEqual(all.filter((id) => seen.includes(id)))
      },
    ),
    { numRuns: 25 },
  )
})
