import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { greetGateway } from '../../realtime/testing.ts'

let server: TestServer
let ada: Person
let bob: Person
let cyd: Person
let room: number
let url: string

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob, cyd] = await server.people('ada', 'bob', 'cyd')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob, cyd])).id
  url = `/api/chatrooms/${room}/messages/`
})

async function say(person: Person, content: string): Promise<number> {
  return (await person.post(url, { content })).body.id
}

/** What the chat list says that somebody has not read in the room. */
async function unreadOf(person: Person): Promise<number> {
  const chats = await person.get('/api/chatrooms/')
  return chats.body.results.find((chat: { id: number }) => chat.id === room).unread_count
}

describe('marking a message as read', () => {
  test('is 201 once and 200 after, and reads all before it', async () => {
    const first = await say(ada, 'one')
    const second = await say(ada, 'two')
    const third = await say(ada, 'three')

    const marked = await bob.post(`${url}${second}/mark_as_read/`)
    const again = await bob.post(`${url}${second}/mark_as_read/`)
    const earlier = await bob.post(`${url}${first}/mark_as_read/`)

    expect(marked).toMatchObject({ status: 201, body: { user: { id: bob.id } } })
    expect(again).toMatchObject({ status: 200, body: marked.body })
    expect(earlier).toMatchObject({ status: 200, body: marked.body })
    expect((await ada.get(`${url}${first}/message_read_status/`)).body).toEqual([marked.body])
    expect((await ada.get(`${url}${third}/message_read_status/`)).body).toEqual([])
    const statuses = (await ada.get(url)).body.results.map(
      (message: { read_statuses: unknown }) => message.read_statuses,
    )
    expect(statuses).toEqual([[], [marked.body], [marked.body]])
  })

  test('has one outcome from eight sides at once', async () => {
    const message = await say(ada, 'read me')

    const replies = await Promise.all(Array.from({ length: 8 }, () => bob.post(`${url}${message}/mark_as_read/`)))

    expect(replies.map((reply) => reply.status).sort()).toEqual([...Array(7).fill(200), 201])
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  })

  test('tells the room once, and the reader’s sidebars their new count', async () => {
    const message = await say(ada, 'read me')
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect('/ws/sidebar/')

    const marked = await bob.post(`${url}${message}/mark_as_read/`)
    await bob.post(`${url}${message}/mark_as_read/`)
    const next = await say(bob, 'done')

    expect(await adas.next('message.read')).toEqual({
      type: 'message.read',
      message_id: message,
      reader: { id: bob.id, username: bob.username },
      read_at: marked.body.timestamp,
    })
    expect(await adas.next()).toMatchObject({ type: 'new_message', message: { id: next } })
    expect(await bobs.next('unread_updated')).toEqual({ type: 'unread_updated', group_id: room, unread_count: 0 })
  })

  test('tells the room of a mark that moves many times at once and then once a second, the furthest one', async () => {
    const messages: number[] = []
    for (let index = 0; index < 6; index++) messages.push(await say(ada, `line ${index}`))
    const adas = await ada.connect(`/ws/chat/${room}/`)

    for (const message of messages) await bob.post(`${url}${message}/mark_as_read/`)
    const told: unknown[] = []
    while (told.at(-1) !== messages.at(-1)) told.push((await adas.next('message.read')).message_id)

    expect(told[0]).toBe(messages[0])
    expect(told.length).toBeLessThan(messages.length)
    expect(told).toEqual([...told].sort((a, b) => Number(a) - Number(b)))
  })

  test.each([
    [
      'has left it',
      'member.removed',
      (reader: Person, roomId: number) => reader.post(`/api/chatrooms/${roomId}/leave_room/`),
    ],
    [
      'has deleted their account',
      'user.deleted',
      (reader: Person) => reader.delete('/api/profile/', { current_password: PASSWORD }),
    ],
  ])('tells a room nothing more of somebody who %s', async (_what, gone, go) => {
    const eve = await server.person('eve')
    // A direct room keeps its members, also those without an account.
    const theirs =
      gone === 'user.deleted' ? (await server.befriend(ada, eve)).roomId : (await server.group(ada, [eve])).id
    const messages: number[] = []
    const said: number[] = []
    for (let index = 0; index < 3; index++) {
      messages.push(await say(ada, `line ${index}`))
      said.push((await ada.post(`/api/chatrooms/${theirs}/messages/`, { content: `line ${index}` })).body.id)
    }
    const { socket } = await greetGateway(server, ada)

    for (const message of said) await eve.post(`/api/chatrooms/${theirs}/messages/${message}/mark_as_read/`)
    await go(eve, theirs)
    // What waits of Bob is told after what would have been told of Eve.
    for (const message of messages) await bob.post(`${url}${message}/mark_as_read/`)
    const told: string[] = []
    while (told.at(-1) !== `${bob.id}: ${messages.at(-1)}`) {
      const { type, data } = await socket.next()
      const { user, message_id } = Object(data)
      if (type === 'receipt') told.push(`${user.id}: ${message_id}`)
      if (type === gone) told.push('gone')
    }

    expect(told).toContain('gone')
    expect(told.slice(told.indexOf('gone')).filter((line) => line.startsWith(`${eve.id}:`))).toEqual([])
  })

  test('is not for one’s own message, and marks nothing', async () => {
    const message = await say(ada, 'mine')

    expect(await ada.post(`${url}${message}/mark_as_read/`)).toMatchObject({
      status: 200,
      body: { detail: 'Sender cannot mark own message as read' },
    })
    expect((await bob.get(`${url}${message}/message_read_status/`)).body).toEqual([])
  })

  test('of one’s own message reads what others said before it, and nothing after it', async () => {
    const before = await say(ada, 'before')
    const answer = await say(bob, 'an answer from another device')
    const after = await say(ada, 'after')
    const adas = await ada.connect(`/ws/chat/${room}/`)

    const marked = await bob.post(`${url}${answer}/mark_as_read/`)

    expect(marked).toMatchObject({ status: 200, body: { detail: 'Sender cannot mark own message as read' } })
    expect(await adas.next('message.read')).toMatchObject({ message_id: before, reader: { id: bob.id } })
    expect(await unreadOf(bob)).toBe(1)
    await bob.post(`${url}${after}/mark_as_read/`)
    expect(await unreadOf(bob)).toBe(0)
  })

  test('is listed by the id of the reader, page by page, as far as the viewer may see it', async () => {
    const [dan, eve] = await server.people('dan', 'eve')
    room = (await server.group(ada, [bob, cyd, dan, eve])).id
    url = `/api/chatrooms/${room}/messages/`
    await dan.patch('/api/profile/', { send_read_receipts: false })
    const message = await say(ada, 'read by all')
    const readers = [eve, dan, cyd, bob]
    for (const reader of readers) await reader.post(`${url}${message}/mark_as_read/`)
    const list = `${url}${message}/message_read_status/`

    const all = await ada.get(list)
    const first = await ada.get(`${list}?limit=2`)
    const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await ada.get(next)

    expect(all.body.map((status: { user: { id: number } }) => status.user.id)).toEqual([bob.id, cyd.id, eve.id])
    expect(all.headers.get('link')).toBeNull()
    expect(first.body).toEqual(all.body.slice(0, 2))
    expect(second.body).toEqual(all.body.slice(2))
    expect(second.headers.get('link')).toBeNull()
    expect((await dan.get(list)).body).toHaveLength(4)
    expect((await ada.get(`${list}?cursor=nonsense`)).headers.get('x-error-code')).toBe('invalid_cursor')
  })

  test('is listed for a hundred readers at once, and for 500 of them where that is asked', async () => {
    const message = await say(ada, 'read by a crowd')
    await server.database.pool.query(
      `WITH crowd AS (
         INSERT INTO users (username, password_hash)
         SELECT 'crowd_' || $1 || '_' || n, '!' FROM generate_series(1, 501) n RETURNING id
       ), members AS (
         INSERT INTO room_members (room_id, user_id, role) SELECT $1::bigint, id, 'member' FROM crowd
       )
       INSERT INTO read_receipts (room_id, user_id, up_to_no) SELECT $1::bigint, id, 1000 FROM crowd`,
      [room],
    )

    const sizes = []
    for (const query of ['', '?limit=500', '?limit=9999']) {
      sizes.push((await ada.get(`${url}${message}/message_read_status/${query}`)).body.length)
    }
    expect(sizes).toEqual([100, 500, 500])
  })

  test('shows to nobody else where one sends no receipts, but counts for oneself', async () => {
    const message = await say(ada, 'secretly read')
    await cyd.patch('/api/profile/', { send_read_receipts: false })

    const marked = await cyd.post(`${url}${message}/mark_as_read/`)

    expect(marked.status).toBe(201)
    expect(await unreadOf(cyd)).toBe(0)
    expect((await ada.get(`${url}${message}/message_read_status/`)).body).toEqual([])
    expect((await cyd.get(`${url}${message}/message_read_status/`)).body).toEqual([marked.body])
  })
})

describe('the unread count', () => {
  test('leaves out one’s own messages and deleted ones, in whatever order they come', async () => {
    await say(bob, 'own, before')
    const one = await say(ada, 'one')
    const gone = await say(ada, 'gone')
    await say(bob, 'own, after')
    const last = await say(cyd, 'last')

    expect(await unreadOf(bob)).toBe(3)
    await ada.delete(`${url}${gone}/`)
    expect(await unreadOf(bob)).toBe(2)
    await bob.post(`${url}${one}/mark_as_read/`)
    expect(await unreadOf(bob)).toBe(1)
    await bob.post(`${url}${last}/mark_as_read/`)
    expect(await unreadOf(bob)).toBe(0)
    await say(bob, 'own again')
    expect(await unreadOf(bob)).toBe(0)
    await say(ada, 'new')
    expect(await unreadOf(bob)).toBe(1)
  })

  test('is none after the whole room was marked, however often', async () => {
    await say(ada, 'one')
    await say(cyd, 'two')

    expect((await bob.post(`/api/chatrooms/${room}/mark_as_read/`)).body).toEqual({ unread_count: 0 })
    expect((await bob.post(`/api/chatrooms/${room}/mark_as_read/`)).body).toEqual({ unread_count: 0 })
    expect(await unreadOf(bob)).toBe(0)
  })

  test('is right when sends and reads of one person meet', async () => {
    const messages = await Promise.all(Array.from({ length: 10 }, (_, index) => say(ada, `message ${index}`)))
    const middle = messages.sort((a, b) => a - b)[4] ?? 0

    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => say(bob, `reply ${index}`)),
      bob.post(`${url}${middle}/mark_as_read/`),
    ])

    expect(await unreadOf(bob)).toBe(5)
  })
})
