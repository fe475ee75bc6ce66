import { once } from 'node:events'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'

let server: TestServer
let ada: Person
let bob: Person
let eve: Person
let room: number
let url: string

beforeAll(async () => {
  server = await startTestServer({ PRESENCE_GRACE_SECONDS: '1', MAX_SOCKETS_PER_USER: '10' })
  ;[ada, bob, eve] = await server.people('ada', 'bob', 'eve')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
  url = `/api/chatrooms/${room}/messages/`
})

const paths = () => [`/ws/chat/${room}/`, '/ws/sidebar/', '/ws/notifications/']

describe('the handshake', () => {
  test.each([0, 1, 2])('refuses with 403 whoever brings no good token (socket %i)', async (index) => {
    const path = `${server.url.replace('http', 'ws')}${paths()[index]}`

    for (const query of ['', '?token=', '?token=garbage', `?token=${ada.refresh}`]) {
      await expect(TestSocket.open(path + query)).rejects.toThrow('refused: 403')
    }
    const headers = { authorization: `Bearer ${ada.token}` }
    await expect(TestSocket.open(path, { headers })).rejects.toThrow('refused: 403')
  })

  test('refuses outsiders, rooms that do not exist and ids that are none', async () => {
    for (const id of [room, 99_999_999]) {
      await expect(eve.connect(`/ws/chat/${id}/`)).rejects.toThrow('refused: 403')
    }
    for (const path of ['/ws/chat/abc/', '/ws/nothing/', '/x/y/ws/sidebar/', `/ws/chat/${'9'.repeat(30)}/`]) {
      await expect(eve.connect(path)).rejects.toThrow(/refused: 40[34]/)
    }
  })

  test('refuses pages of other origins, and takes those of this machine', async () => {
    const path = `${server.url.replace('http', 'ws')}/ws/sidebar/?token=${ada.token}`

    await expect(TestSocket.open(path, { headers: { origin: 'https://evil.example' } })).rejects.toThrow('refused: 403')
    const socket = await TestSocket.open(path, { headers: { origin: 'http://localhost:5173' } })
    await socket.close()
  })

  test('refuses more sockets than one person may have', async () => {
    const cyd = await server.person('cyd')
    const sockets = await Promise.all(Array.from({ length: 10 }, () => cyd.connect('/ws/notifications/')))

    await expect(cyd.connect('/ws/notifications/')).rejects.toThrow('refused: 429')
    for (const socket of sockets) await socket.close()
  })

  test('a session that ends closes its sockets for good', async () => {
    const cyd = await server.person('cyd')
    const socket = await cyd.connect('/ws/notifications/')

    await cyd.post('/api/logout/', { refresh_token: cyd.refresh })

    expect(await socket.closed()).toEqual({ code: 4501, reason: 'session_ended' })
    await expect(cyd.connect('/ws/notifications/')).rejects.toThrow('refused: 403')
  })
})

describe('a frame that cannot be understood', () => {
  test.each([0, 1, 2])('is answered with an error, and the socket stays open (socket %i)', async (index) => {
    const socket = await ada.connect(paths()[index] ?? '')
    for (const frame of [
      '',
      '{',
      '[1]',
      '"text"',
      '42',
      'null',
      '{"type":"nonsense","action":"nonsense"}',
      Buffer.from([1, 2]),
    ]) {
      socket.send(frame)
      expect(await socket.next('error')).toMatchObject({ message: expect.any(String) })
    }
    await socket.ping()
    expect(socket.isOpen).toBe(true)
  })

  test('too many frames are told so, and the socket stays open', async () => {
    const limited = await server.node({ RATE_LIMIT_FACTOR: '1' })
    const socket = await limited.as(ada).connect(`/ws/chat/${room}/`)
    for (let count = 0; count < 100; count++) socket.send({ type: 'stop_typing' })

    expect(await socket.next('error')).toMatchObject({ message: 'Too many frames, slow down.' })
  })
})

describe('the chat socket', () => {
  test('passes on typing under the name of who types, whatever the frame says', async () => {
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    bobs.send({ type: 'typing', username: 'somebody else' })
    expect(await adas.next()).toEqual({ type: 'typing', username: bob.username })
    expect(await bobs.next()).toEqual({ type: 'typing', username: bob.username })
    bobs.send({ type: 'stop_typing' })
    expect(await adas.next()).toEqual({ type: 'stop_typing', username: bob.username })
  })

  test('passes on one start and one stop of somebody who repeats them at once', async () => {
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    for (const type of ['typing', 'typing', 'stop_typing', 'typing', 'stop_typing']) bobs.send({ type })
    await bobs.ping()
    await ada.post(url, { content: 'after it' })

    expect(await adas.next()).toEqual({ type: 'typing', username: bob.username })
    expect(await adas.next()).toEqual({ type: 'stop_typing', username: bob.username })
    expect(await adas.next()).toMatchObject({ type: 'new_message', message: { content: 'after it' } })
    await Promise.all([adas.close(), bobs.close()])
  })

  test('says that somebody stopped typing when their socket closes', async () => {
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    bobs.send({ type: 'typing' })
    await adas.next('typing')
    bobs.terminate()

    expect(await adas.next()).toEqual({ type: 'stop_typing', username: bob.username })
  })

  test('reads messages, and refuses those of other rooms', async () => {
    const other = await server.group(eve, [ada])
    const foreign = (await eve.post(`/api/chatrooms/${other.id}/messages/`, { content: 'theirs' })).body.id
    const message = (await ada.post(url, { content: 'read me' })).body.id
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    bobs.send({ type: 'read_message', message_id: foreign })
    expect(await bobs.next()).toMatchObject({ type: 'error' })
    bobs.send({ type: 'read_message', message_id: message })
    expect(await adas.next()).toMatchObject({ type: 'message.read', message_id: message, reader: { id: bob.id } })
  })

  test('tells of edits and deletions', async () => {
    const message = (await ada.post(url, { content: 'frist' })).body.id
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    await ada.patch(`${url}${message}/`, { content: 'first' })
    await ada.patch(`${url}${message}/`, { content: 'first' })
    await ada.delete(`${url}${message}/`)

    expect(await bobs.next()).toMatchObject({ type: 'message_updated', message: { id: message, content: 'first' } })
    expect(await bobs.next()).toEqual({ type: 'message_deleted', message_id: message })
  })

  test('ends at once for who is removed, who leaves, and when the group is deleted', async () => {
    const cyd = await server.person('cyd')
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [cyd.id] })
    const [adas, bobs, cyds] = await Promise.all([ada, bob, cyd].map((person) => person.connect(`/ws/chat/${room}/`)))

    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
    await cyd.post(`/api/chatrooms/${room}/leave_room/`)
    await ada.post(url, { content: 'among ourselves' })

    expect(await bobs?.closed()).toMatchObject({ code: 4503 })
    expect(await cyds?.closed()).toMatchObject({ code: 4503 })
    expect([...(bobs?.pending() ?? []), ...(cyds?.pending() ?? [])]).toEqual([])
    expect(await adas?.next('new_message')).toMatchObject({ message: { content: 'among ourselves' } })
    await ada.delete(`/api/chatrooms/${room}/`)
    expect(await adas?.closed()).toMatchObject({ code: 4503 })
  })
})

test('who was removed cannot type in the room by a chat socket that they do not close', async () => {
  const bobs = new WebSocket(`${server.url.replace('http', 'ws')}/ws/chat/${room}/?token=${bob.token}`)
  await once(bobs, 'open')
  const adas = await ada.connect(`/ws/chat/${room}/`)
  // Does not take what the server says, its close among it, and so goes on.
  bobs.pause()
  await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })

  bobs.send(JSON.stringify({ type: 'typing' }))
  bobs.resume()
  await once(bobs, 'close')
  await adas.ping()

  expect(adas.pending()).toEqual([])
})

describe('the sidebar socket', () => {
  test('tells members of a new group, in their own view, and nobody else', async () => {
    const outsider = await server.person('outsider')
    const [bobs, theirs] = await Promise.all([bob, outsider].map((person) => person.connect('/ws/sidebar/')))

    const made = await server.group(ada, [bob], 'Brand new')
    const marker = await server.group(outsider, [bob], 'Marker')

    expect(await bobs?.nextWhere((frame) => Reflect.get(Object(frame.group), 'id') === made.id)).toMatchObject({
      type: 'group_created',
      group: { chat_name: 'Brand new', is_group: true, participants: expect.any(Array) },
    })
    expect(await theirs?.next('group_created')).toMatchObject({ group: { id: marker.id } })
  })

  test('shows the last message with each member’s own unread count', async () => {
    const adas = await ada.connect('/ws/sidebar/')
    const bobs = await bob.connect('/ws/sidebar/')

    const message = (await ada.post(url, { content: 'news' })).body

    const frame = {
      type: 'last_message_updated',
      group_id: room,
      last_message: {
        id: message.id,
        text: 'news',
        content: 'news',
        sender: ada.username,
        sender_name: ada.username,
        timestamp: message.timestamp,
      },
    }
    const isOfRoom = (got: Record<string, unknown>) => got.type === 'last_message_updated' && got.group_id === room
    expect(await bobs.nextWhere(isOfRoom)).toMatchObject({
      ...frame,
      last_message: { ...frame.last_message, unread_count: 1 },
    })
    expect(await adas.nextWhere(isOfRoom)).toMatchObject({
      ...frame,
      last_message: { ...frame.last_message, unread_count: 0 },
    })
  })

  test('goes back to the message before when the last one is deleted', async () => {
    const before = (await ada.post(url, { content: 'before' })).body.id
    const last = (await ada.post(url, { content: 'last' })).body.id
    const bobs = await bob.connect('/ws/sidebar/')

    await ada.delete(`${url}${last}/`)

    const isBefore = (got: Record<string, unknown>) => Reflect.get(Object(got.last_message), 'id') === before
    expect(await bobs.nextWhere(isBefore)).toMatchObject({ group_id: room, last_message: { unread_count: 1 } })
  })

  test('tells again what happened in the ten seconds before it opened, however much one is notified of', async () => {
    const message = (await ada.post(url, { content: 'missed' })).body.id
    await server.database.pool.query(
      `SELECT count(*) FROM record_user_events(
        array_fill($1::bigint, ARRAY[150]), array_fill('notification.created'::text, ARRAY[150]),
        array_fill('{"ids": []}'::jsonb, ARRAY[150]))`,
      [bob.id],
    )

    const bobs = await bob.connect('/ws/sidebar/')

    const isNew = (got: Record<string, unknown>) =>
      got.type === 'group_created' && Reflect.get(Object(got.group), 'id') === room
    const isMissed = (got: Record<string, unknown>) => Reflect.get(Object(got.last_message), 'id') === message
    expect(await bobs.nextWhere(isNew)).toBeDefined()
    expect(await bobs.nextWhere(isMissed)).toBeDefined()
  })

  test('tells of a renamed group, and follows a group from the moment one is added to it', async () => {
    const eves = await eve.connect('/ws/sidebar/')

    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [eve.id] })
    await ada.patch(`/api/chatrooms/${room}/`, { room_name: 'Renamed' })
    await ada.post(url, { content: 'welcome' })

    const isOfRoom = (type: string) => (got: Record<string, unknown>) =>
      got.type === type && (got.group_id === room || Reflect.get(Object(got.group), 'id') === room)
    expect(await eves.nextWhere(isOfRoom('group_created'))).toBeDefined()
    expect(await eves.nextWhere(isOfRoom('last_message_updated'))).toMatchObject({
      last_message: { content: 'welcome' },
    })
    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: eve.id })
    expect(await eves.nextWhere(isOfRoom('group_removed'))).toEqual({ type: 'group_removed', group_id: room })
  })
})

describe('the notifications socket', () => {
  test('tells of a message with its text cut, and lists what is unread on connecting', async () => {
    const bobs = await bob.connect('/ws/notifications/')
    const long = 'w'.repeat(51)

    const message = (await ada.post(url, { content: long })).body

    const told = await bobs.nextWhere((frame) => Reflect.get(Object(frame.notification), 'message_id') === message.id)
    expect(told).toMatchObject({
      type: 'new_notification',
      notification: {
        sender: ada.username,
        room_id: room,
        content: `${'w'.repeat(50)}...`,
        is_read: false,
        message: long,
      },
    })
    const again = await bob.connect('/ws/notifications/')
    const list = await again.next('notification_list')
    expect(list.notifications).toContainEqual(expect.objectContaining({ message_id: message.id }))
  })

  test('marks one and all as read', async () => {
    await ada.post(url, { content: 'one' })
    // What is told only now would be unread again after all were marked.
    await server.core.services.notifications.settled(10_000)
    const bobs = await bob.connect('/ws/notifications/')
    bobs.send({ action: 'get_unread' })
    const list = await bobs.nextWhere(
      (frame) => frame.type === 'notification_list' && Array.isArray(frame.notifications),
    )
    const id = Reflect.get(Object(Reflect.get(Object(list.notifications), 0)), 'id')

    bobs.send({ action: 'mark_read', notification_id: id })
    expect(await bobs.next('mark_read_response')).toEqual({
      type: 'mark_read_response',
      notification_id: id,
      success: true,
    })
    bobs.send({ action: 'mark_read', notification_id: 99_999_999 })
    expect(await bobs.next('mark_read_response')).toMatchObject({ success: false })
    bobs.send({ action: 'mark_read' })
    expect(await bobs.next('mark_read_response')).toMatchObject({ notification_id: null, success: false })
    bobs.send({ action: 'mark_read', notification_id: 'abc' })
    expect(await bobs.next('error')).toBeDefined()
    bobs.send({ action: 'mark_all_read' })
    expect(await bobs.next('mark_all_read_response')).toMatchObject({ success: true })
    bobs.send({ action: 'mark_all_read' })
    expect(await bobs.next('mark_all_read_response')).toEqual({
      type: 'mark_all_read_response',
      count: 0,
      success: true,
    })
  })
})

describe('presence', () => {
  const seenBy = async (viewer: Person, id: number) => {
    const reply = await viewer.get(`/api/chatrooms/${room}/`)
    return reply.body.participants.find((participant: { id: number }) => participant.id === id)
  }

  test('is online while any socket is open, and for a moment after the last one closed', async () => {
    const cyd = await server.person('cyd')
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [cyd.id] })
    const adas = await ada.connect('/ws/sidebar/')

    const first = await cyd.connect('/ws/sidebar/')
    const second = await cyd.connect('/ws/notifications/')
    const isCyd = (online: boolean) => (frame: Record<string, unknown>) =>
      frame.type === 'presence' && frame.user_id === cyd.id && frame.online_status === online
    expect(await adas.nextWhere(isCyd(true))).toBeDefined()
    await first.close()
    expect(await seenBy(ada, cyd.id)).toMatchObject({ online_status: true })
    await second.close()
    expect(await seenBy(ada, cyd.id)).toMatchObject({ online_status: true })
    const gone = await adas.nextWhere(isCyd(false))
    expect(await seenBy(ada, cyd.id)).toMatchObject({ online_status: false, last_seen: gone.last_seen })
  })

  test('is hidden from everyone by those who want that', async () => {
    const cyd = await server.person('cyd')
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [cyd.id] })
    await cyd.patch('/api/profile/', { presence_visibility: 'nobody' })

    await cyd.connect('/ws/sidebar/')

    expect(await seenBy(ada, cyd.id)).toMatchObject({ online_status: false, last_seen: null })
    expect((await cyd.get('/api/profile/')).body).toMatchObject({ online_status: true })
  })
})
