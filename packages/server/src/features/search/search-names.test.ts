import { expectStatus, type Person, startTestServer } from '@confab/testkit/server'
import { describe, expect, test } from 'vitest'

const server = await startTestServer()

async function search(person: Person, kind: 'people' | 'rooms', q: string) {
  return expectStatus(await person.get(`/api/search/${kind}/?q=${encodeURIComponent(q)}`), 200).body.results
}

/** Somebody with a full name. */
async function named(username: string, first_name: string, last_name = ''): Promise<Person> {
  const person = await server.person(username)
  expectStatus(await person.patch('/api/profile/', { first_name, last_name }), 200)
  return person
}

describe('a search for people', () => {
  test('finds whole names before beginnings and those before parts', async () => {
    const ada = await server.person()
    const part = await named('p1', 'Xjoanna')
    const start = await named('p2', 'Joanna', 'Quill')
    const whole = await named('p3', 'Joan')
    const found = await search(ada, 'people', 'JOAN')
    expect(found.map((hit: { id: number }) => hit.id)).toEqual([whole.id, start.id, part.id])
    expect(found[1]).toEqual({
      id: start.id,
      username: start.username,
      full_name: 'Joanna Quill',
      profile_pic: null,
      highlights: { username: [], full_name: [{ start: 0, end: 4 }] },
    })
  })

  test('wants every word, and finds a username by its beginning', async () => {
    const ada = await server.person()
    const zoe = await named('zq', 'Zoe', 'Wexford')
    expect(await search(ada, 'people', 'wexf zo')).toMatchObject([{ id: zoe.id }])
    expect(await search(ada, 'people', 'wexf bob')).toEqual([])
    expect(await search(ada, 'people', 'zq')).toMatchObject([
      { id: zoe.id, highlights: { username: [{ start: 0, end: 2 }] } },
    ])
    expect(await search(ada, 'people', '%')).toEqual([])
  })

  test('shows no email, and nobody who blocked the one who looks', async () => {
    const [ada, bob] = await server.people('ada', 'bobwhoblocks')
    expect(await search(ada, 'people', bob.email)).toEqual([])
    expect(await search(ada, 'people', bob.username)).toHaveLength(1)
    expectStatus(await bob.post(`/api/users/${ada.id}/block/`), 201)
    expect(await search(ada, 'people', bob.username)).toEqual([])
  })

  test('goes on page by page, forth and back', async () => {
    const ada = await server.person()
    for (const name of ['c', 'a', 'b']) await named(`tully${name}`, 'Some')
    const first = await ada.get('/api/search/people/?q=tully&limit=2')
    const second = await ada.get(first.body.next)
    const names = (reply: typeof first) =>
      reply.body.results.map((hit: { username: string }) => hit.username.slice(0, 6))
    expect([first, second].map(names)).toEqual([['tullya', 'tullyb'], ['tullyc']])
    expect(second.body.next).toBeNull()
    expect(names(await ada.get(second.body.previous))).toEqual(['tullya', 'tullyb'])
  })
})

describe('a search for rooms', () => {
  test('finds one’s own by name, whole words first, without regard to accents', async () => {
    const [ada, bob, eve] = await server.people('ada', 'bob', 'eve')
    const part = await server.group(ada, [bob], 'Decafé lovers')
    const start = await server.group(ada, [bob], 'The Cafés')
    const whole = await server.group(ada, [bob], 'Café crew')
    await server.group(eve, [bob], 'Café of others')

    const found = await search(ada, 'rooms', 'cafe')
    expect(found.map((hit: { id: number }) => hit.id)).toEqual([whole.id, start.id, part.id])
    expect(found[1]).toEqual({
      id: start.id,
      chat_name: 'The Cafés',
      is_group: true,
      group_image: null,
      highlights: [{ start: 4, end: 8 }],
    })
    expect(await search(ada, 'rooms', 'cafe crew')).toMatchObject([{ id: whole.id }])
  })

  test('finds a direct room by the names of the other', async () => {
    const ada = await server.person('ada')
    const bob = await named('bobby', 'Robert', 'Baker')
    const { roomId } = await server.befriend(ada, bob)
    for (const q of ['baker', bob.username]) {
      expect(await search(ada, 'rooms', q)).toMatchObject([{ id: roomId, chat_name: 'Robert Baker', is_group: false }])
    }
    expect(await search(bob, 'rooms', 'baker')).toEqual([])
    expect(await search(bob, 'rooms', ada.username)).toMatchObject([{ id: roomId, chat_name: ada.username }])
  })

  test('goes on page by page, forth and back', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    for (const name of ['one', 'two', 'three']) await server.group(ada, [bob], `Plum ${name}`)
    const first = await ada.get('/api/search/rooms/?q=plum&limit=2')
    const second = await ada.get(first.body.next)
    const names = (reply: typeof first) => reply.body.results.map((hit: { chat_name: string }) => hit.chat_name)
    expect([first, second].map(names)).toEqual([['Plum three', 'Plum two'], ['Plum one']])
    expect(second.body.next).toBeNull()
    expect(names(await ada.get(second.body.previous))).toEqual(['Plum three', 'Plum two'])
  })
})
