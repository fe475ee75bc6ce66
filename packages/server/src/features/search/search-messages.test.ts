import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { inTransaction } from '../../ctx.ts'
import { SearchIndex } from './jobs.ts'
import { searchMessageIds } from './service.ts'

const server = await startTestServer()
const db = server.database.kysely

async function send(sender: Person, roomId: number, content: string): Promise<number> {
  return expectStatus(await sender.post(`/api/chatrooms/${roomId}/messages/`, { content }), 201).body.id
}

type Hit = { id: number; snippet: string; highlights: { start: number; end: number }[] }

/** Searches once everything that was sent so far is in the index. */
async function search(person: Person, q: string, more = ''): Promise<Hit[]> {
  await server.core.services.search.settled(10_000)
  return searchAtOnce(person, q, more)
}

async function searchAtOnce(person: Person, q: string, more = ''): Promise<Hit[]> {
  const path = `/api/search/messages/?q=${encodeURIComponent(q)}${more}`
  return expectStatus(await person.get(path), 200).body.results
}

async function texts(person: Person, q: string, more = ''): Promise<string[]> {
  return (await search(person, q, more)).map((hit) => hit.snippet)
}

/** What a hit marks, as text. */
function marked(hit: Hit | undefined): string[] {
  return hit?.highlights.map(({ start, end }) => hit.snippet.slice(start, end)) ?? []
}

/** Somebody in a room of their own where all this was said, the last the newest. */
async function roomOf(...contents: string[]) {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob], 'Tea party')
  for (const content of contents) await send(ada, room, content)
  return { ada, bob, room }
}

describe('a search for messages', () => {
  test('finds what was said, and says where', async () => {
    const { ada, bob, room } = await roomOf('put the kettle on', 'no tea without water')
    const id = await send(ada, room, 'is the Kettle hot?')

    expect((await search(bob, 'kettle'))[0]).toEqual({
      id,
      room,
      chat_name: 'Tea party',
      is_group: true,
      sender: { id: ada.id, username: ada.username },
      no: 3,
      timestamp: expect.any(String),
      snippet: 'is the Kettle hot?',
      highlights: [{ start: 7, end: 13 }],
    })
    expect(await texts(bob, 'kettle')).toEqual(['is the Kettle hot?', 'put the kettle on'])
  })

  test('waits a little for what was said a moment ago, and then answers without it', async () => {
    const { ada, room } = await roomOf()
    await inTransaction(server.core, async (tx) => {
      // The index cannot go on in this room before this is committed.
      await sql`INSERT INTO consumer_positions VALUES ('search', ${room}, 0)`.execute(tx)
      await send(ada, room, 'slowly')
      expect(await searchAtOnce(ada, 'slowly')).toEqual([])
    })
    expect(await texts(ada, 'slowly')).toEqual(['slowly'])
  })

  test('puts whole words before beginnings and those before parts, each from the newest', async () => {
    const { ada } = await roomOf('one ring', 'earrings', 'ringing', 'two rings', 'a ring', 'the boring')
    expect(await texts(ada, 'ring')).toEqual(['a ring', 'one ring', 'two rings', 'ringing', 'the boring', 'earrings'])
  })

  test('wants every word, in any order', async () => {
    const { ada } = await roomOf('red apple', 'green apple', 'apple and red', 'red')
    expect(await texts(ada, 'RED apple')).toEqual(['apple and red', 'red apple'])
    expect(await texts(ada, 'blue apple')).toEqual([])
  })

  test.each([
    ['creme', 'Crème brûlée', ['Crème']],
    ['CRÈME', 'creme', ['creme']],
    ['strasse', 'die Straße dort', ['Straße']],
    ['οδος', 'ΟΔΟΣ', ['ΟΔΟΣ']],
    ['елка', 'Ёлка!', ['Ёлка']],
    ['京都', '東京都に行く', ['京都']],
    ['行く', '東京都に行く', ['行く']],
    ['すし', '寿司とすし', ['すし']],
    ['ไทย', 'ภาษาไทย', ['ไทย']],
    ['한국', '한국어를 배워요', ['한국']],
    ['हिन्दी', 'मैं हिन्दी बोलता हूँ', ['हिन्दी']],
    ['محمد', 'مُحَمَّد هنا', ['مُحَمَّد']],
    ['full', 'ＦＵＬＬ width', ['ＦＵＬＬ']],
    ['🎉', 'done 🎉 yes', ['🎉']],
    ['😀', 'x😀y', ['😀']],
    ['hi', 'oh hi', ['hi']],
    ['c++', 'I write C++ daily', ['C++']],
    ['e-mail', 'an E-Mail came', ['E-Mail']],
    ['100%', '100% sure', ['100%']],
    ['a_b', 'file a_b.txt', ['a_b']],
    ['back\\slash', 'a back\\slash', ['back\\slash']],
    ['example.com/x', 'see https://example.com/x?y', ['example.com/x']],
  ])('for %j finds %j', async (q, content, expected) => {
    const { ada } = await roomOf('something else', content)
    const hits = await search(ada, q)
    expect(hits.map((hit) => hit.snippet)).toEqual([content])
    expect(marked(hits[0])).toEqual(expected)
  })

  test.each([
    ['a%b', 'a hundred b'],
    ['a_b', 'a1b axb'],
    ['hi', 'this and that'],
    ['kettle', 'kett le'],
    ['ab', 'a b'],
    ['+', 'c++'],
    ['...', 'etc'],
  ])('for %j does not find %j', async (q, content) => {
    const { ada } = await roomOf(content)
    expect(await search(ada, q)).toEqual([])
  })

  test('shows the text around what it found, cut where it is long', async () => {
    const { ada } = await roomOf(`${'before 😀 '.repeat(60)}the needle in it ${'after 😀 '.repeat(60)}needle`)
    const [hit] = await search(ada, 'needle')
    expect(hit?.snippet).toMatch(/^…\S.* the needle in it .*…$/)
    expect(hit?.snippet.length).toBeLessThanOrEqual(182)
    expect(hit?.snippet.isWellFormed()).toBe(true)
    expect(marked(hit)).toEqual(['needle'])
  })

  test('knows what was edited and deleted', async () => {
    const { ada, room } = await roomOf('alpha first', 'alpha second')
    const id = await send(ada, room, 'alpha third')
    const other = await send(ada, room, 'alpha fourth')
    expect(await search(ada, 'alpha')).toHaveLength(4)
    await ada.patch(`/api/chatrooms/${room}/messages/${id}/`, { content: 'omega third' })
    await ada.delete(`/api/chatrooms/${room}/messages/${other}/`)

    expect(await texts(ada, 'alpha')).toEqual(['alpha second', 'alpha first'])
    expect(await texts(ada, 'omega')).toEqual(['omega third'])
    const { rows } = await sql`SELECT FROM message_search WHERE message_id = ${other}`.execute(db)
    expect(rows).toEqual([])
  })

  test('goes on page by page, forth and back, while messages come in', async () => {
    const { ada, room } = await roomOf('boring', ...Array.from({ length: 5 }, (_, index) => `ring ${index}`), 'rings')
    await server.core.services.search.settled(10_000)
    const first = await ada.get('/api/search/messages/?q=ring&limit=3')
    await send(ada, room, 'ring new')
    const second = await ada.get(first.body.next)
    const third = await ada.get(second.body.next)
    const snippets = (reply: typeof first) => reply.body.results.map((hit: Hit) => hit.snippet)

    expect([first, second, third].map(snippets)).toEqual([
      ['ring 4', 'ring 3', 'ring 2'],
      ['ring 1', 'ring 0', 'rings'],
      ['boring'],
    ])
    expect(third.body.next).toBeNull()
    expect(snippets(await ada.get(third.body.previous))).toEqual(['ring 1', 'ring 0', 'rings'])
    expect(snippets(await ada.get(second.body.previous))).toEqual(['ring 4', 'ring 3', 'ring 2'])
    expect(first.body.previous).toBeNull()
  })

  test('is of one room where it is asked to be', async () => {
    const { ada, bob, room } = await roomOf('pear one')
    const { id: other } = await server.group(ada, [bob])
    await send(ada, other, 'pear two')
    expect(await texts(bob, 'pear')).toEqual(['pear two', 'pear one'])
    expect(await texts(bob, 'pear', `&room=${room}`)).toEqual(['pear one'])
  })
})

describe('nobody finds', () => {
  test('what is said in a room that they are not in', async () => {
    const { ada, room } = await roomOf('the secret plan')
    const eve = await server.person('eve')
    expect(await search(eve, 'secret')).toEqual([])
    expect(await eve.get(`/api/search/messages/?q=secret&room=${room}`)).toMatchObject({
      status: 404,
      body: { detail: 'No ChatRoom matches the given query.' },
    })
    expect(await eve.get(`/api/search/messages/?q=secret&room=999999999`)).toMatchObject({ status: 404 })
    expect(await search(ada, 'secret')).toHaveLength(1)
  })

  test('anything more of a room that they have left or that is gone', async () => {
    const { ada, bob, room } = await roomOf('the secret plan')
    expect(await search(bob, 'secret')).toHaveLength(1)
    await bob.post(`/api/chatrooms/${room}/leave_room/`)
    expect(await search(bob, 'secret')).toEqual([])

    expect(await search(ada, 'secret')).toHaveLength(1)
    expect((await ada.delete(`/api/chatrooms/${room}/`)).status).toBe(204)
    expect(await search(ada, 'secret')).toEqual([])
    await vi.waitFor(async () => {
      const { rows } = await sql`SELECT FROM message_search WHERE room_id = ${room}`.execute(db)
      expect(rows).toEqual([])
    }, 10_000)
  })
})

test.each([
  ['', 400, { q: ['This field is required.'] }],
  ['?q=', 400, { q: ['This field may not be blank.'] }],
  [`?q=${'x'.repeat(201)}`, 400, { q: ['Ensure this field has no more than 200 characters.'] }],
  ['?q=a%00b', 400, ['Null characters are not allowed.']],
  ['?q=x&room=abc', 400, { room: ['A valid integer is required.'] }],
  ['?q=x&cursor=nonsense', 404, { detail: 'Invalid cursor' }],
])('a search with the query %j is refused', async (query, status, body) => {
  const ada = await server.person()
  for (const kind of ['messages', ...(query.includes('room') ? [] : ['people', 'rooms'])]) {
    expect(await ada.get(`/api/search/${kind}/${query}`)).toMatchObject({ status, body })
  }
})

test('a cursor of another search is ignored', async () => {
  const { ada } = await roomOf('ring one', 'ring two', 'bell one')
  await server.core.services.search.settled(10_000)
  const { body } = await ada.get('/api/search/messages/?q=ring&limit=1')
  const cursor = new URL(body.next).searchParams.get('cursor')
  expect(await texts(ada, 'bell', `&cursor=${cursor}`)).toEqual(['bell one'])
})

test('searches need a login', async () => {
  for (const kind of ['messages', 'people', 'rooms']) {
    expect((await server.anonymous.get(`/api/search/${kind}/?q=x`)).status).toBe(401)
  }
})

test('the search of a room’s list finds every word in the text or the name of the sender, by id', async () => {
  const { ada, bob, room } = await roomOf('This is it', 'Crème brûlée', 'other')
  const third = await send(bob, room, 'this too')
  const all = async (search: string, range: Partial<Parameters<typeof searchMessageIds>[3]> = {}) => {
    await server.core.services.search.settled(10_000)
    const options = { after: undefined, isAscending: false, limit: 10, ...range }
    const ids = await searchMessageIds(server.core, room, search, options)
    const { rows } = await sql<{
      id: number
      content: string
    }>`SELECT id, content FROM messages WHERE room_id = ${room}`.execute(db)
    return ids.map((id) => rows.find((row) => row.id === id)?.content)
  }
  expect(await all('THIS')).toEqual(['this too', 'This is it'])
  expect(await all('his it')).toEqual(['This is it'])
  expect(await all('creme')).toEqual(['Crème brûlée'])
  expect(await all(bob.username)).toEqual(['this too'])
  expect(await all(`this ${ada.username.slice(1, 8)}`)).toEqual(['This is it'])
  expect(await all('this', { after: third })).toEqual(['This is it'])
  expect(await all('this', { isAscending: true, limit: 1 })).toEqual(['This is it'])
  expect(await all('%')).toEqual([])
})

test('the index can be made anew from the messages, by two servers at once', async () => {
  const { ada, room } = await roomOf('kiwi one', 'kiwi two')
  await server.core.services.search.settled(10_000)
  await sql`DELETE FROM message_search`.execute(db)
  expect(await texts(ada, 'kiwi')).toEqual([])
  await Promise.all([server.core.services.search.rebuild(), new SearchIndex(server.core).rebuild()])
  expect(await texts(ada, 'kiwi', `&room=${room}`)).toEqual(['kiwi two', 'kiwi one'])
})
