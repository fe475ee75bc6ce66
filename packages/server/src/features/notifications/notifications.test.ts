import { type Person, startTestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { inTransaction, makeCtx } from '../../ctx.ts'
import { countUnread, listUnread, markAllRead, markRead, notify } from './service.ts'
import { listenTo, tellBySystem } from './testing.ts'

const server = await startTestServer()
const db = server.database.kysely

const tell = (person: Person, ...texts: string[]) => tellBySystem(server, person, ...texts)

async function list(person: Person, path = '') {
  return (await person.get(`/api/notifications/${path}`)).body
}

async function texts(person: Person, path = ''): Promise<string[]> {
  return (await list(person, path)).map((one: { message: string }) => one.message)
}

/** Somebody of the staff; nobody has called in their name yet, so nobody knows them otherwise. */
async function staff(): Promise<Person> {
  const person = await server.person('staff')
  await sql`UPDATE users SET is_staff = true WHERE id = ${person.id}`.execute(db)
  return person
}

const missing = { detail: 'No Notification matches the given query.' }

describe('the list', () => {
  test('has the newest first, or the oldest where they are asked for', async () => {
    const ada = await server.person()
    await tell(ada, 'one', 'two', 'three')
    expect(await texts(ada)).toEqual(['three', 'two', 'one'])
    expect(await texts(ada, '?ordering=-timestamp')).toEqual(['three', 'two', 'one'])
    expect(await texts(ada, '?ordering=sender')).toEqual(['three', 'two', 'one'])
    expect(await texts(ada, '?ordering=timestamp')).toEqual(['one', 'two', 'three'])
  })

  test('has nothing of anybody else', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await tell(ada, 'for ada')
    expect(await list(bob)).toEqual([])
    expect(await list(bob, 'unread/')).toEqual([])
  })

  test('of what is unread can be of one room, and then has only what is about its messages', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const [{ id: tea }, { id: other }] = [await server.group(bob, [ada]), await server.group(bob, [ada])]
    const say = async (room: number, content: string) =>
      (await bob.post(`/api/chatrooms/${room}/messages/`, { content })).body.id
    await say(other, `@${ada.username} elsewhere`)
    await say(tea, 'to nobody')
    const [first, second] = [await say(tea, `@${ada.username} one`), await say(tea, `@${ada.username} two`)]
    const mentions = async (query: string) =>
      (await list(ada, `unread/?room=${tea}&search=mention&${query}`)).map(
        (one: { message_id: number }) => one.message_id,
      )
    await expect.poll(() => mentions('ordering=timestamp')).toEqual([first, second])
    expect(await mentions('ordering=timestamp&limit=1')).toEqual([first])
    expect(await list(ada, `unread/?room=${tea}`)).toHaveLength(3)
    await ada.post(`/api/chatrooms/${tea}/messages/${first}/mark_as_read/`)
    expect(await mentions('')).toEqual([second])
    expect(await list(bob, `unread/?room=${tea}`)).toEqual([])
  })

  test('of a system notification names no sender', async () => {
    const ada = await server.person()
    await tell(ada, 'hello')
    expect(await list(ada)).toEqual([
      {
        id: expect.any(Number),
        sender: null,
        message: 'hello',
        chat_name: '',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        is_read: false,
        notification_type: 'system',
        room_id: null,
        message_id: null,
        message_no: null,
        friend_request: null,
      },
    ])
  })

  test.each([
    ['system', 1],
    ['SYS', 1],
    ['s y', 1],
    ['mention', 0],
    ['system mention', 0],
    ['%', 0],
  ])('searched for the type %j has %d', async (search, count) => {
    const ada = await server.person()
    await tell(ada, 'hello')
    expect(await list(ada, `?search=${encodeURIComponent(search)}`)).toHaveLength(count)
  })

  test.each(['', 'unread/', '?ordering=timestamp'])(
    'is given a page at a time, with a link to the next: %j',
    async (path) => {
      const ada = await server.person()
      const all = Array.from({ length: 7 }, (_, index) => `number ${index}`)
      await tell(ada, ...all)
      const seen: string[] = []
      let next: string | undefined = `/api/notifications/${path}${path.includes('?') ? '&' : '?'}limit=3`
      while (next) {
        const reply = await ada.get(next)
        expect(reply.body.length).toBeLessThanOrEqual(3)
        seen.push(...reply.body.map((one: { message: string }) => one.message))
        next = /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1]
        if (seen.length === 3) await tell(ada, 'comes in between')
      }
      const expected = path.includes('ordering') ? [...all, 'comes in between'] : all.toReversed()
      expect(seen).toEqual(expected)
    },
  )

  test.each(['nonsense', Buffer.from('["notifications:all:-id",0,"x"]').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      const ada = await server.person()
      const reply = await ada.get(`/api/notifications/?cursor=${cursor}`)
      expect(reply).toMatchObject({ status: 404, body: { detail: 'Invalid cursor' } })
    },
  )

  test('needs a login', async () => {
    expect((await server.anonymous.get('/api/notifications/')).status).toBe(401)
  })
})

describe('one notification', () => {
  test('is marked read and unread, and nothing else of it changes', async () => {
    const ada = await server.person()
    await tell(ada, 'hello')
    const [before] = await list(ada)
    const path = `/api/notifications/${before.id}/`

    expect(await ada.get(path)).toMatchObject({ status: 200, body: before })
    expect((await ada.put(path, { is_read: true })).body).toEqual({ ...before, is_read: true })
    expect(await list(ada, 'unread/')).toEqual([])
    expect((await ada.patch(path, { is_read: 'false' })).body).toEqual(before)
    expect((await ada.patch(path, { message: 'x', sender: 'y', chat_name: 'z', id: 1 })).body).toEqual(before)
    expect(await ada.patch(path, { is_read: 'x' })).toMatchObject({
      status: 400,
      body: { is_read: ['Must be a valid boolean.'] },
    })
    expect(await ada.get(path)).toMatchObject({ status: 200, body: before })
  })

  test('is marked read as often as one likes', async () => {
    const ada = await server.person()
    await tell(ada, 'hello')
    const [{ id }] = await list(ada)
    for (const _ of [1, 2]) expect((await ada.post(`/api/notifications/${id}/mark_read/`)).status).toBe(204)
    expect(await list(ada)).toMatchObject([{ is_read: true }])
  })

  test('is deleted once', async () => {
    const ada = await server.person()
    await tell(ada, 'hello')
    const [{ id }] = await list(ada)
    const replies = await Promise.all(Array.from({ length: 8 }, () => ada.delete(`/api/notifications/${id}/`)))
    expect(replies.map((reply) => reply.status).sort()).toEqual([204, ...Array(7).fill(404)])
    expect(await list(ada)).toEqual([])
  })

  test.each([
    ['GET', ''],
    ['PUT', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', 'mark_read/'],
  ])('of somebody else does not exist: %s %s', async (method, action) => {
    const [ada, bob] = await server.people('ada', 'bob')
    await tell(ada, 'hello')
    const [own] = await list(ada)
    for (const id of [own.id, 999_999_999, '9'.repeat(30)]) {
      const body = method === 'GET' ? undefined : { is_read: true }
      const reply = await bob.request(method, `/api/notifications/${id}/${action}`, body)
      expect(reply).toMatchObject({ status: 404, body: missing })
    }
    expect(await bob.request(method, `/api/notifications/abc/${action}`)).toMatchObject({
      status: 404,
      body: { detail: 'Not found.' },
    })
    expect(await list(ada)).toEqual([own])
  })
})

test('all are marked read at once, and only by POST', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  await tell(ada, 'one', 'two')
  await tell(bob, 'three')
  expect(await ada.get('/api/notifications/mark_all_read/')).toMatchObject({
    status: 405,
    body: { detail: 'Method "GET" not allowed.' },
  })
  expect((await ada.post('/api/notifications/mark_all_read/')).status).toBe(204)
  expect(await list(ada)).toMatchObject([{ is_read: true }, { is_read: true }])
  expect(await list(bob)).toMatchObject([{ is_read: false }])
})

describe('a system notification', () => {
  test.each(['json', 'form', 'urlencoded'])('for oneself is made by anyone, as %s', async (encoding) => {
    const ada = await server.person()
    const fields = { message: 'drink water', user: ada.id }
    const reply =
      encoding === 'json'
        ? await ada.post('/api/notifications/', fields)
        : await ada.post('/api/notifications/', undefined, { [encoding]: fields })
    expect(reply).toMatchObject({ status: 201, body: { message: 'drink water', notification_type: 'system' } })
    expect(await list(ada)).toEqual([reply.body])
  })

  test('that names nobody is for oneself', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    expect((await ada.post('/api/notifications/', { message: 'mine' })).status).toBe(201)
    expect(await texts(ada)).toEqual(['mine'])
    expect(await list(bob)).toEqual([])
  })

  test('for somebody else is for staff to make', async () => {
    const [ada, bob, root] = [...(await server.people('ada', 'bob')), await staff()]
    const refused = await ada.post('/api/notifications/', { message: 1, user: bob.id })
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: 'You do not have permission to perform this action.' },
    })
    expect((await ada.post('/api/notifications/', { message: 1, user: 999_999_999 })).status).toBe(403)
    expect(await list(bob)).toEqual([])

    expect((await root.post('/api/notifications/', { message: 'hi', user: bob.id })).status).toBe(201)
    expect(await texts(bob)).toEqual(['hi'])
    expect(await list(root)).toEqual([])
    expect(await root.post('/api/notifications/', { message: 'hi', user: 999_999_999 })).toMatchObject({
      status: 400,
      body: { user: ['No such user: 999999999.'] },
    })
  })

  test('of staff that names nobody is for everyone, once each', async () => {
    const [ada, bob, root] = [...(await server.people('ada', 'bob')), await staff()]
    await sql`
      INSERT INTO users (username, password_hash) SELECT 'many_' || i, '' FROM generate_series(1, 12000) i`.execute(db)
    const heard = await listenTo(server, bob)
    const reply = await root.post('/api/notifications/', { message: 'maintenance' })

    expect(reply.status).toBe(201)
    expect(await list(root)).toEqual([reply.body])
    const { rows } = await sql`SELECT id FROM users`.execute(db)
    const told = sql<{ user_id: number }>`SELECT user_id FROM notifications WHERE content = 'maintenance'`
    await vi.waitFor(async () => expect((await told.execute(db)).rows).toHaveLength(rows.length), 30_000)
    expect(new Set((await told.execute(db)).rows.map((row) => row.user_id)).size).toBe(rows.length)
    for (const person of [ada, bob]) expect(await texts(person)).toEqual(['maintenance'])
    await vi.waitFor(() => expect(heard).toMatchObject([{ type: 'notification.created' }]), 10_000)
  })

  test.each([
    [{}, { message: ['This field is required.'] }],
    [{ message: ' ' }, { message: ['This field may not be blank.'] }],
    [{ message: null }, { message: ['This field may not be null.'] }],
    [{ message: 'a\0b' }, { message: ['Null characters are not allowed.'] }],
    [{ message: 'x'.repeat(1_001) }, { message: ['Ensure this field has no more than 1000 characters.'] }],
    [{ message: 'x', user: 'bob' }, { user: ['A valid integer is required.'] }],
  ])('of %j is refused', async (body, errors) => {
    const ada = await server.person()
    expect(await ada.post('/api/notifications/', body)).toMatchObject({ status: 400, body: errors })
    expect(await list(ada)).toEqual([])
  })
})

describe('other features', () => {
  test('tell people in their own transaction: what is rolled back was never told', async () => {
    const ada = await server.person()
    const heard = await listenTo(server, ada)
    const failing = inTransaction(server.core, async (tx) => {
      await notify(tx, { type: 'system', userIds: [ada.id], content: 'never' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await tell(ada, 'ever')
    expect(await texts(ada)).toEqual(['ever'])
    expect(heard).toMatchObject([{ data: { notifications: [{ message: 'ever' }] } }])
  })

  test('may leave the sentence to the type', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    await inTransaction(server.core, (tx) =>
      notify(tx, { type: 'friend_request', userIds: [bob.id], senderId: ada.id }),
    )
    expect(await list(bob)).toMatchObject([
      { sender: ada.username, chat_name: ada.username, message: `${ada.username} sent you a friend request.` },
    ])
  })

  test('list, count and mark what is unread for the sockets', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const ctx = makeCtx(server.core, { id: ada.id, username: ada.username, isStaff: false, sessionId: 0 }, server.url)
    await tell(ada, 'one', 'two', 'three')
    await tell(bob, 'other')
    const unread = await listUnread(db, ada.id, 2)
    const [others] = await listUnread(db, bob.id, 1)
    expect(unread.map((one) => one.message)).toEqual(['three', 'two'])
    expect(await countUnread(db, ada.id)).toBe(3)

    expect(await markRead(ctx, unread[0]?.id ?? 0)).toBe(true)
    expect(await markRead(ctx, unread[0]?.id ?? 0)).toBe(true)
    expect(await markRead(ctx, others?.id ?? 0)).toBe(false)
    expect(await countUnread(db, ada.id)).toBe(2)
    expect(await markAllRead(ctx)).toBe(2)
    expect(await markAllRead(ctx)).toBe(0)
    expect(await countUnread(db, bob.id)).toBe(1)
  })
})

test('read notifications are deleted after 90 days, unread ones are kept', async () => {
  const ada = await server.person()
  await tell(ada, 'old', 'old unread', 'new')
  await ada.post('/api/notifications/mark_all_read/')
  await sql`UPDATE notifications SET is_read = false WHERE content = 'old unread'`.execute(db)
  await sql`
    UPDATE notifications SET created_at = now() - interval '91 days'
    WHERE user_id = ${ada.id} AND content LIKE 'old%'`.execute(db)
  await sql`
    INSERT INTO notifications (user_id, type, content, is_read, created_at)
    SELECT ${ada.id}, 'system', 'older', true, now() - interval '100 days' FROM generate_series(1, 11000)`.execute(db)

  expect(await server.core.services.notifications.prune(new Date())).toBe(11_001)
  expect(await texts(ada)).toEqual(['new', 'old unread'])
})
