import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chatsOf, openDirect } from './testing.ts'

const server = await startTestServer()

test('chats come with the latest activity first, their last message and what is unread of them', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  const group = await server.group(alice, [bob, carol], 'Tea party')
  const direct = await openDirect(alice, bob)
  await bob.post(`/api/chatrooms/${group.id}/messages/`, { content: 'one' })
  await alice.post(`/api/chatrooms/${group.id}/messages/`, { content: 'two' })
  await carol.post(`/api/chatrooms/${group.id}/messages/`, { content: 'three' })

  const { body } = await alice.get('/api/chatrooms/')

  expect(body).toMatchObject({ next: null, previous: null })
  expect(body.results).toMatchObject([
    {
      id: group.id,
      group_image: null,
      chat_name: 'Tea party',
      is_group: true,
      unread_count: 2,
      last_message: { sender_id: carol.id, sender_name: carol.username, content: 'three' },
    },
    { id: direct, chat_name: bob.username, is_group: false, unread_count: 0, last_message: null },
  ])
})

test('a deleted message is neither unread nor the last one', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])
  await alice.post(`/api/chatrooms/${id}/messages/`, { content: 'stays' })
  const goes = await alice.post(`/api/chatrooms/${id}/messages/`, { content: 'goes' })

  await alice.delete(`/api/chatrooms/${id}/messages/${goes.body.id}/`)

  expect(await chatsOf(bob)).toMatchObject([{ unread_count: 1, last_message: { content: 'stays' } }])
})

test('a mention that is deleted is none any more', async () => {
  const [alice, bob] = await server.people('alice', 'bob')
  const { id } = await server.group(alice, [bob])
  const goes = await alice.post(`/api/chatrooms/${id}/messages/`, { content: `@${bob.username} look` })
  await expect.poll(() => chatsOf(bob)).toMatchObject([{ unread_count: 1, mention_count: 1 }])

  await alice.delete(`/api/chatrooms/${id}/messages/${goes.body.id}/`)

  expect(await chatsOf(bob)).toMatchObject([{ unread_count: 0, mention_count: 0 }])
})

test('a search finds rooms by their name and by their members’ names, every word, parts of words, in any case', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  await server.database.pool.query(`UPDATE users SET first_name = 'Zoë', last_name = 'Quill_x%' WHERE id = $1`, [
    carol.id,
  ])
  const tea = await server.group(alice, [bob, carol], 'Tea party')
  const pictures = await server.group(alice, [bob], 'Pictures')
  const direct = await openDirect(alice, carol)
  const found = async (search: string) =>
    (await chatsOf(alice, `?search=${encodeURIComponent(search)}`)).map((chat) => chat.id).toSorted((a, b) => a - b)

  expect(await found('TEA')).toEqual([tea.id])
  expect(await found('zoË quil')).toEqual([tea.id, direct])
  expect(await found('quill_x%')).toEqual([tea.id, direct])
  expect(await found('quill%x')).toEqual([])
  expect(await found(`${bob.username.toUpperCase()} pict`)).toEqual([pictures.id])
  expect(await found(`${bob.username},zoë`)).toEqual([tea.id])
  expect(await found(alice.username)).toEqual([tea.id, pictures.id, direct])
  expect(await found('zzz')).toEqual([])
  expect(await found(' ')).toEqual([tea.id, pictures.id, direct])
})

test('a search finds nothing of rooms one is not in', async () => {
  const [alice, bob, eve] = await server.people('alice', 'bob', 'eve')
  await server.group(alice, [bob], 'Secret')

  expect(await chatsOf(eve, '?search=secret')).toEqual([])
  expect(await chatsOf(eve, `?search=${bob.username}`)).toEqual([])
})

test('chats may be ordered by name, that of a direct room being the other’s', async () => {
  const [alice, bob, carol] = await server.people('alice', 'bob', 'carol')
  await server.group(alice, [carol], 'Tea party')
  await server.group(alice, [carol], 'Pictures')
  await openDirect(alice, bob)
  const names = async (query: string) => (await chatsOf(alice, query)).map((chat) => chat.chat_name)

  expect(await names('?ordering=room_name')).toEqual(['Pictures', 'Tea party', bob.username])
  expect(await names('?ordering=-room_name')).toEqual([bob.username, 'Tea party', 'Pictures'])
  expect(await names('?ordering=bogus')).toEqual([bob.username, 'Pictures', 'Tea party'])
})

test.each(['', '?ordering=room_name', '?ordering=-room_name'])('pages lead forward and back: %s', async (query) => {
  const alice = await server.person('alice')
  await makeChats(alice, 7)
  const url = `/api/chatrooms/${query}${query ? '&' : '?'}limit=3&search=chat`
  const all = (await chatsOf(alice, query)).map((chat) => chat.id)

  const first = expectStatus(await alice.get(url), 200).body
  const second = expectStatus(await alice.get(first.next), 200).body
  const third = expectStatus(await alice.get(second.next), 200).body
  const back = expectStatus(await alice.get(third.previous), 200).body

  expect([first, second, third].flatMap((page) => page.results.map((chat: { id: number }) => chat.id))).toEqual(all)
  expect(third.next).toBeNull()
  expect(first.previous).toBeNull()
  expect(back.results).toEqual(second.results)
  expect((await alice.get(back.previous)).body.results).toEqual(first.results)
})

test.each([
  'bogus',
  cursor('chatrooms:ID:-activity', 0, 'yesterday', 1),
  cursor('chatrooms:ID:-activity', 0, '2026-13-45T00:00:00.000Z', 1),
  cursor('chatrooms:ID:-activity', 0, '0000-01-01T00:00:00.000Z', 1),
  cursor('chatrooms:ID:-activity', 0, '+200000-01-01T00:00:00.000Z', 1),
  cursor('chatrooms:ID:-activity', 0, 5, 1),
  cursor('chatrooms:ID:-activity', 0, '2026-01-01T00:00:00.000Z'),
  cursor('chatrooms:ID:-activity', 0, '2026-01-01T00:00:00.000Z', 'x'),
  cursor('chatrooms:ID:-activity', 7, '2026-01-01T00:00:00.000Z', 1),
])('a made-up cursor is refused: %s', async (make) => {
  const alice = await server.person('alice')
  const text = typeof make === 'string' ? make : make(alice.id)

  expect(await alice.get(`/api/chatrooms/?cursor=${text}`)).toMatchObject({
    status: 404,
    body: { detail: 'Invalid cursor' },
  })
})

function cursor(list: string, ...rest: unknown[]) {
  return Object.assign(
    (id: number) => Buffer.from(JSON.stringify([list.replace('ID', String(id)), ...rest])).toString('base64url'),
    { toString: () => JSON.stringify(rest) },
  )
}

test('an empty cursor is the first page, and so is one of another list', async () => {
  const alice = await server.person('alice')
  await makeChats(alice, 3)
  const byName = (await alice.get('/api/chatrooms/?ordering=room_name&limit=1')).body.next
  const taken = new URL(byName).searchParams.get('cursor')

  expect(await chatsOf(alice, '?cursor=')).toHaveLength(3)
  expect(await chatsOf(alice, `?cursor=${taken}`)).toHaveLength(3)
})

test('while rooms become active, are made and end, paging shows no room twice and skips none that stood still', async () => {
  const activity = fc.record({
    page: fc.nat(5),
    what: fc.constantFrom('message', 'new', 'delete', 'rename'),
    which: fc.nat(11),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.boolean(),
      fc.array(activity, { maxLength: 8 }),
      async (limit, atOnce, byName, activities) => {
        const alice = await server.person('alice')
        const before = await makeChats(alice, 12, atOnce)
        const touched = new Set<number>()
        const order = byName ? '&ordering=room_name' : ''
        const initial = (await chatsOf(alice, `?limit=100${order}`)).map((chat) => chat.id)
        const seen: number[] = []
        let url: string | null = `/api/chatrooms/?limit=${limit}${order}`
        for (let page = 0; url && page < 40; page++) {
          const { body } = expectStatus(await alice.get(url), 200)
          seen.push(...body.results.map((chat: { id: number }) => chat.id))
          url = body.next
          for (const { what, which } of activities.filter((one) => one.page === page)) {
            touched.add(await act(alice, what, before[which] ?? 0))
          }
        }
        const still = (ids: number[]) => ids.filter((id) => !touched.has(id))
        expect(still(seen)).toEqual(still(initial))
        if (!byName) expect(new Set(seen).size).toBe(seen.length)
      },
    ),
    { numRuns: 12 },
  )
}, 120_000)

/** @returns the room that did not stand still */
async function act(person: Person, what: string, id: number): Promise<number> {
  if (what === 'message') await person.post(`/api/chatrooms/${id}/messages/`, { content: 'hello' })
  if (what === 'delete') await person.delete(`/api/chatrooms/${id}/`)
  if (what === 'rename') await person.patch(`/api/chatrooms/${id}/`, { room_name: `renamed ${id}` })
  return what === 'new' ? ((await makeChats(person, 1))[0] ?? 0) : id
}

let friend: Promise<Person> | undefined

/** Makes groups of a person and one and the same other; at the same instant, if they are to be hard to tell apart. */
async function makeChats(person: Person, count: number, atOnce = false): Promise<number[]> {
  friend ??= server.person('friend')
  const other = await friend
  const made: number[] = []
  for (let index = 0; index < count; index++) {
    made.push((await server.group(person, [other], `chat ${index % 5}`)).id)
  }
  if (atOnce) {
    await server.database.pool.query(`UPDATE rooms SET active_at = '2026-01-01T00:00:00Z' WHERE id = ANY ($1)`, [made])
  }
  return made
}
