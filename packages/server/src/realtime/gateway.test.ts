import { MAX_REPLAY } from '@confab/contract/gateway/frames'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { greetGateway, type Position, withoutNotifications } from './testing.ts'

let server: TestServer
let ada: Person
let bob: Person
let eve: Person
let room: number
let topic: string

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob, eve] = await server.people('ada', 'bob', 'eve')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
  topic = `room:${room}`
})

const say = async (person: Person, content: string) =>
  (await person.post(`/api/chatrooms/${room}/messages/`, { content })).body

/** Opens the gateway as a browser does, with the token as a protocol. */
async function open(person: Person): Promise<TestSocket> {
  const url = `${server.url.replace('http', 'ws')}/ws/`
  const socket = await TestSocket.open(url, { protocols: ['confab.v1', `bearer.${person.token}`] })
  server.sockets.push(socket)
  return socket
}

/** What comes next of the room; who is here, and notifications of what was said, are told whenever they are known. */
const nextOfRoom = (socket: TestSocket) => socket.nextWhere((frame) => frame.topic === topic)

/** The answer to a command. */
const replyTo = (socket: TestSocket, ref: string) => socket.nextWhere((frame) => frame.ref === ref)

const start = (person: Person, resume?: Position) => greetGateway(server, person, resume)

describe('the beginning', () => {
  test('ready holds everything for a first screen', async () => {
    await say(ada, 'hello')

    const { ready } = await start(bob)

    expect(ready).toMatchObject({
      resumed: false,
      me: { id: bob.id, username: bob.username },
      epoch: expect.any(String),
      heartbeat_ms: 25_000,
      limits: { message_chars: 10_000 },
      totals: { unread_messages: expect.any(Number) },
    })
    const rooms = ready.rooms as { id: number; seq: number }[]
    expect(rooms.find((one) => one.id === room)).toMatchObject({
      unread_count: 1,
      last_message: { content: 'hello' },
      seq: ready.positions[topic],
    })
    expect(ready.positions[`user:${bob.id}`]).toBeGreaterThan(0)
  })

  test.each([
    ['a first frame', (token: string) => ({ path: '/ws/', protocols: ['confab.v1'], hello: { type: 'hello', token } })],
    ['the URL', (token: string) => ({ path: `/ws?token=${token}`, protocols: [], hello: { type: 'hello' } })],
  ])('the token may come in %s', async (_name, say) => {
    const { path, protocols, hello } = say(ada.token ?? '')
    const socket = await TestSocket.open(server.url.replace('http', 'ws') + path, { protocols })
    socket.send(hello)

    expect(await socket.next('ready')).toMatchObject({ me: { id: ada.id } })
    await socket.close()
  })

  test.each([
    ['no token', undefined, 4502],
    ['garbage', 'garbage', 4502],
  ])('%s ends with a code that says not to come back', async (_name, token, code) => {
    const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, { protocols: ['confab.v1'] })
    socket.send({ type: 'hello', ...(token ? { token } : {}) })

    expect(await socket.closed()).toMatchObject({ code })
  })

  test('a session that ends closes its gateway sockets for good', async () => {
    const cyd = await server.person('cyd')
    const { socket } = await start(cyd)

    await cyd.post('/api/logout/', { refresh_token: cyd.refresh })

    expect(await socket.closed()).toMatchObject({ code: 4501 })
  })

  test('commands before ready and frames that are none are answered, and the socket stays open', async () => {
    const socket = await open(ada)
    socket.send({ type: 'message.send', ref: 'early', room, content: 'x', client_id: 'x' })
    expect(await socket.next()).toMatchObject({ type: 'error', ref: 'early', code: 'not_ready' })
    for (const frame of ['', '[]', '{}', '{"type":5}', Buffer.from([1])]) {
      socket.send(frame)
      expect(await socket.next()).toMatchObject({ type: 'error', code: 'invalid' })
    }
    for (const resume of [
      5,
      {},
      { epoch: 'x' },
      { epoch: 'x', positions: { nonsense: 1 } },
      { epoch: 1, positions: {} },
    ]) {
      socket.send({ type: 'hello', resume })
      expect(await socket.next()).toMatchObject({ type: 'error', code: 'invalid' })
    }
    socket.send({ type: 'hello' })
    expect(await socket.next()).toMatchObject({ type: 'ready' })
  })
})

describe('live', () => {
  test('every durable event comes with its topic and number, and signals without', async () => {
    const { socket, ready } = await start(bob)

    const message = await say(ada, 'one')
    await bob.post(`/api/chatrooms/${room}/messages/${message.id}/mark_as_read/`)

    const seq = (ready.positions[topic] ?? 0) + 1
    expect(await nextOfRoom(socket)).toEqual({ type: 'message.created', topic, seq, data: { message } })
    const unread = await socket.next('unread')
    expect(unread).toEqual({
      type: 'unread',
      data: { room, unread_count: 0, read_no: message.no, last_no: message.no },
    })
  })

  test('a new room is followed from the moment one is added, and left with the removal', async () => {
    const { socket } = await start(eve)

    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [eve.id] })
    expect(await socket.next('room.created')).toMatchObject({ data: { room: { id: room } } })
    expect(await socket.next('resync')).toMatchObject({ topic })
    const message = await say(ada, 'welcome')
    expect(await socket.next('message.created')).toMatchObject({ topic, data: { message: { id: message.id } } })
    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: eve.id })
    await say(ada, 'without her')
    await server.group(ada, [eve], 'Marker')

    const marker = await socket.nextWhere((frame) => frame.type === 'room.created')
    expect(marker).toMatchObject({ data: { room: { chat_name: 'Marker' } } })
    expect(socket.pending().filter((frame) => frame.topic === topic)).toEqual([])
  })
})

describe('commands', () => {
  test('message.send is acknowledged with what is stored, and the same client_id again with the same message', async () => {
    const { socket } = await start(ada)
    const command = { type: 'message.send', room, content: 'by socket', client_id: `once-${room}` }

    socket.send({ ...command, ref: '1' })
    socket.send({ ...command, ref: '2' })
    const first = await replyTo(socket, '1')
    const second = await replyTo(socket, '2')
    const overRest = await ada.post(`/api/chatrooms/${room}/messages/`, {
      content: 'by socket',
      client_id: command.client_id,
    })

    expect(first).toMatchObject({ type: 'ack', data: { is_new: true, message: { content: 'by socket', room } } })
    expect(second).toMatchObject({ type: 'ack', data: { is_new: false } })
    expect(overRest).toMatchObject({ status: 200, body: Reflect.get(Object(first.data), 'message') })
    socket.send({ ...command, content: 'another', ref: '3' })
    expect(await replyTo(socket, '3')).toMatchObject({ code: 'client_id_conflict' })
  })

  test('sends of one socket keep their order, however many are under way', async () => {
    const { socket } = await start(ada)
    for (let index = 0; index < 40; index++) {
      socket.send({ type: 'message.send', ref: `${index}`, room, content: `${index}`, client_id: `${room}-${index}` })
    }
    const numbers: number[] = []
    for (let index = 0; index < 40; index++) {
      const ack = await replyTo(socket, `${index}`)
      numbers.push(Number(Reflect.get(Object(Reflect.get(Object(ack.data), 'message')), 'no')))
    }

    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  })

  test('edit, delete, read and typing do what they say', async () => {
    const { socket: adas } = await start(ada)
    const { socket: bobs } = await start(bob)
    const message = await say(ada, 'frist')

    adas.send({ type: 'message.edit', ref: 'edit', room, id: message.id, content: 'first' })
    expect(await bobs.next('message.updated')).toMatchObject({ data: { message: { content: 'first' } } })
    bobs.send({ type: 'room.read', ref: 'read', room })
    expect(await replyTo(bobs, 'read')).toMatchObject({ data: { unread_count: 0 } })
    expect(await adas.next('receipt')).toMatchObject({ data: { user: { id: bob.id }, message_id: message.id } })
    bobs.send({ type: 'typing.start', room })
    bobs.send({ type: 'typing.start', room })
    expect(await adas.next('typing')).toMatchObject({ data: { is_typing: true, typists: [{ id: bob.id }] } })
    bobs.send({ type: 'typing.stop', room })
    expect(await adas.next('typing')).toMatchObject({ data: { is_typing: false, typists: [] } })
    adas.send({ type: 'message.delete', ref: 'delete', room, id: message.id })
    expect(await replyTo(adas, 'delete')).toMatchObject({ type: 'ack' })
    expect(await bobs.next('message.deleted')).toMatchObject({ data: { message_id: message.id, no: message.no } })
  })

  test.each([
    ['message.send', { content: 'x', client_id: 'x' }],
    ['message.edit', { id: 1, content: 'x' }],
    ['message.delete', { id: 1 }],
    ['room.read', {}],
    ['room.read', { message_id: 1 }],
    ['typing.start', {}],
    ['typing.stop', {}],
  ])('to an outsider the room of %s does not exist', async (type, data) => {
    const { socket } = await start(eve)

    socket.send({ type, ref: 'r', room, ...data })

    expect(await replyTo(socket, 'r')).toMatchObject({
      type: 'error',
      code: 'room_not_found',
    })
  })

  test('wrong fields are named, unknown commands too', async () => {
    const { socket } = await start(ada)

    socket.send({ type: 'message.send', ref: 1, room: 'x', content: '' })
    expect(await replyTo(socket, '1')).toMatchObject({
      code: 'invalid',
      fields: {
        room: ['A valid integer is required.'],
        content: ['This field may not be blank.'],
        client_id: ['This field is required.'],
      },
    })
    socket.send({ type: 'no.such', ref: '2' })
    expect(await replyTo(socket, '2')).toMatchObject({ code: 'unknown_command' })
  })

  test('auth.refresh takes a token of the same session only', async () => {
    const { socket } = await start(ada)
    const { body } = await ada.post('/api/token/refresh/', { refresh: ada.refresh })

    socket.send({ type: 'auth.refresh', ref: 'own', token: body.access })
    expect(await replyTo(socket, 'own')).toMatchObject({ type: 'ack', data: { expires_at: expect.any(String) } })
    socket.send({ type: 'auth.refresh', ref: 'other', token: bob.token })
    expect(await replyTo(socket, 'other')).toMatchObject({ type: 'error', code: 'token_not_valid' })
  })
})

describe('resume', () => {
  /** Opens and closes, and gives where the client then is. */
  async function away(person: Person): Promise<Position> {
    await server.core.services.notifications.settled(10_000)
    const { socket, ready } = await start(person)
    await socket.close()
    return { epoch: ready.epoch, positions: ready.positions }
  }

  test('tells exactly what was missed, in order, before ready, and then goes on live', async () => {
    const position = await away(bob)
    const messages = [await say(ada, 'one'), await say(ada, 'two'), await say(ada, 'three')]

    const { socket, ready, before } = await start(bob, position)
    const live = await say(ada, 'live')

    const first = (position.positions[topic] ?? 0) + 1
    expect(before.filter((frame) => frame.topic === topic)).toEqual(
      messages.map((message, index) => ({ type: 'message.created', topic, seq: first + index, data: { message } })),
    )
    expect(ready).toMatchObject({ resumed: true })
    expect(await socket.next('message.created')).toMatchObject({ seq: first + 3, data: { message: { id: live.id } } })
  })

  test('who was removed while away learns it, and hears nothing of after', async () => {
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [eve.id] })
    const position = await away(eve)
    await say(ada, 'before the removal')
    await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: eve.id })
    await say(ada, 'after the removal')

    const { before, ready } = await start(eve, position)

    expect(withoutNotifications(before)).toMatchObject([
      { type: 'room.deleted', topic: `user:${eve.id}`, data: { room } },
    ])
    expect(ready.positions[topic]).toBeUndefined()
  })

  test('who was added while away gets the room', async () => {
    const position = await away(eve)
    await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [eve.id] })

    const { before } = await start(eve, position)

    expect(before).toMatchObject([
      { type: 'room.created', topic: `user:${eve.id}`, data: { room: { id: room } } },
      { type: 'notification.created', topic: `user:${eve.id}`, data: { notifications: [{ room_id: room }] } },
      { type: 'resync', topic },
    ])
  })

  test('a topic that is too far behind, or no longer in the log, is to be fetched afresh', async () => {
    const position = await away(bob)
    await sql`
      SELECT * FROM record_room_events(
        array_fill(${room}::bigint, ARRAY[${MAX_REPLAY + 1}::integer]), array_fill('room.updated'::text, ARRAY[${MAX_REPLAY + 1}::integer]),
        array_fill(NULL::bigint, ARRAY[${MAX_REPLAY + 1}::integer]), array_fill(${JSON.stringify({ room })}::jsonb, ARRAY[${MAX_REPLAY + 1}::integer]))`.execute(
      server.database.kysely,
    )
    const far = await start(bob, position)
    const seq = (position.positions[topic] ?? 0) + MAX_REPLAY + 1
    expect(far.before).toEqual([{ type: 'resync', topic, seq }])

    await say(ada, 'one')
    await say(ada, 'two')
    await sql`DELETE FROM room_events WHERE room_id = ${room} AND seq <= ${seq + 1}`.execute(server.database.kysely)
    const pruned = await start(bob, { ...position, positions: { ...position.positions, [topic]: seq } })
    expect(withoutNotifications(pruned.before)).toEqual([{ type: 'resync', topic, seq: seq + 2 }])
  })

  test('what is lost while a socket is open is a resync up to where the log goes on', async () => {
    const { socket, ready } = await start(bob)
    const seq = ready.positions[topic] ?? 0
    // Both at once, since the server may look into the log at any time.
    await server.database.kysely.transaction().execute(async (tx) => {
      await sql`
        WITH written AS (
          SELECT * FROM record_room_events(
            array_fill(${room}::bigint, ARRAY[3]), array_fill('room.updated'::text, ARRAY[3]),
            array_fill(NULL::bigint, ARRAY[3]), array_fill(${JSON.stringify({ room })}::jsonb, ARRAY[3]))
        ) SELECT FROM written`.execute(tx)
      await sql`DELETE FROM room_events WHERE room_id = ${room} AND seq <= ${seq + 2}`.execute(tx)
    })

    expect(await socket.next('resync')).toEqual({ type: 'resync', topic, seq: seq + 2 })
    expect(await socket.next('room.updated')).toEqual({ type: 'room.updated', topic, seq: seq + 3, data: { room } })
  })

  test('positions of another epoch, and positions beyond the log, are not believed', async () => {
    const position = await away(bob)
    await say(ada, 'one')

    const restored = await start(bob, { ...position, epoch: 'of another database' })
    expect(restored.ready).toMatchObject({ resumed: false })
    expect(restored.before).toEqual([])
    const ahead = await start(bob, { ...position, positions: { ...restored.ready.positions, [topic]: 9_999 } })
    expect(withoutNotifications(ahead.before)).toEqual([
      { type: 'resync', topic, seq: restored.ready.positions[topic] },
    ])
  })

  test('while somebody keeps sending, nothing is lost or doubled between two sockets', async () => {
    let isDone = false
    const sender = (async () => {
      for (let index = 0; !isDone; index++) await say(ada, `stream ${index}`)
    })()
    const seen: number[] = []
    let position: Position | undefined
    for (let round = 0; round < 12; round++) {
      const { socket, ready, before } = await start(bob, position)
      const positions = { ...ready.positions }
      const frames = [...before]
      for (let count = 0; count < 5; count++) frames.push(await socket.next('message.created'))
      await socket.close()
      for (const frame of frames) {
        if (frame.topic !== topic) continue
        if (position || frame.seq !== undefined) seen.push(Number(frame.seq))
        positions[topic] = Math.max(positions[topic] ?? 0, Number(frame.seq))
      }
      position = { epoch: ready.epoch, positions }
    }
    isDone = true
    await sender

    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index))
  })
})
