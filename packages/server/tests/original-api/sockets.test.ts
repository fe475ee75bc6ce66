import { TestSocket } from '@confab/testkit/socket'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { enter, forge, forgeExpired, form, picture, send, startCast } from './cast.ts'
import { expectFrame, expectRecorded } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob, carol, eve } = cast
const direct = (await server.befriend(alice, bob)).roomId
const url = `/api/chatrooms/${direct}/messages/`
const origin = server.url.replace(/^http/, 'ws')
const TIME = '2026-11-22T11:15:55.176924+00:00'

afterEach(() => {
  vi.useRealTimers()
})

/** Opens a socket, and answers the status of the refusal where there is one. */
async function knock(path: string, headers: Record<string, string> = {}): Promise<string> {
  try {
    const socket = await TestSocket.open(origin + path, { headers })
    await socket.close()
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

const isOf = (room: number) => (frame: Record<string, unknown>) =>
  frame.group_id === room || Reflect.get(Object(frame.group), 'id') === room

describe('the handshake', async () => {
  const tokens: [string, string | undefined][] = [
    ['no token', undefined],
    ['empty token', ''],
    ['garbage token (500 in the original)', 'garbage'],
    ['expired token (500 in the original)', await forgeExpired(cast, 'access')],
    ['refresh token (500 in the original)', alice.refresh],
    ['token of a user that does not exist', await forge(cast, { user_id: 99_999, session_id: 99_999 })],
  ]
  const paths = [`/ws/chat/${direct}/`, '/ws/sidebar/', '/ws/notifications/']

  test.each(paths.flatMap((path) => tokens.map(([what, token]) => [path, what, token] as const)))(
    '%s refuses %s with 403',
    async (path, _what, token) => {
      expect(await knock(token === undefined ? path : `${path}?token=${token}`)).toBe('refused: 403')
    },
  )

  test.each(paths)('%s does not read the Authorization header', async (path) => {
    expect(await knock(path, { authorization: `Bearer ${alice.token}` })).toBe('refused: 403')
  })

  test.each(paths)('%s takes a good token, with and without its slash', async (path) => {
    expect(await knock(`${path}?token=${alice.token}`)).toBe('accepted')
    expect(await knock(`${path.slice(0, -1)}?token=${alice.token}`)).toBe('accepted')
  })

  test.each([
    ['room one is not in', `/ws/chat/${direct}/`, 'refused: 403'],
    ['room that does not exist', '/ws/chat/99999/', 'refused: 403'],
    ['room number too large for the column', '/ws/chat/99999999999999999999/', /^refused: 40[34]$/],
    ['room not a number (500 in the original)', '/ws/chat/abc/', /^refused: 40[34]$/],
    ['unknown path (500 in the original)', '/ws/nothing/', 'refused: 404'],
    ['a prefix before /ws/ (500 in the original)', '/x/y/ws/sidebar/', 'refused: 404'],
  ])('%s', async (_what, path, outcome) => {
    expect(await knock(`${path}?token=${eve.token}`)).toMatch(outcome)
  })
})

describe('ws/chat/', () => {
  test('says what is sent, to its sender too, and to nobody else', async () => {
    const [alices, bobs] = await Promise.all([alice, bob].map((one) => one.connect(`/ws/chat/${direct}/`)))
    const { id } = (await alice.post(url, { content: 'hello bob' })).body
    const message = {
      id,
      room: direct,
      sender: { id: 1 },
      content: 'hello bob',
      timestamp: TIME,
      image: null,
      read_statuses: [],
    }
    expectFrame(await alices?.next(), { type: 'new_message', message })
    expectFrame(await bobs?.next(), { type: 'new_message', message })

    await alice.post(url, undefined, form({ content: 'look', image: picture }).options)
    const image = 'http://127.0.0.1:58000/media/chat/images/pic.png'
    expectFrame(await bobs?.next(), { type: 'new_message', message: { content: 'look', image } })

    expectRecorded(await eve.post(url, { content: 'I am not even here' }), 404)
    await Promise.all([alices?.next(), alices?.ping(), bobs?.ping()])
    expect([...(alices?.pending() ?? []), ...(bobs?.pending() ?? [])]).toEqual([])
  })

  test('says who is typing, whatever name is in the frame', async () => {
    const [alices, bobs] = await Promise.all([alice, bob].map((one) => one.connect(`/ws/chat/${direct}/`)))
    bobs?.send({ type: 'typing', username: 'alice' })
    expect(await alices?.next()).toEqual({ type: 'typing', username: 'bob' })
    expect(await bobs?.next()).toEqual({ type: 'typing', username: 'bob' })
    bobs?.send({ type: 'stop_typing' })
    expect(await alices?.next()).toEqual({ type: 'stop_typing', username: 'bob' })
    expect(await bobs?.next()).toEqual({ type: 'stop_typing', username: 'bob' })
  })

  test('says who read what, once', async () => {
    const { id } = (await alice.post(url, { content: 'read me' })).body
    const [alices, bobs] = await Promise.all([alice, bob].map((one) => one.connect(`/ws/chat/${direct}/`)))
    const read = { type: 'message.read', message_id: id, reader: { id: 2, username: 'bob' }, read_at: TIME }
    bobs?.send({ type: 'read_message', message_id: id })
    expectFrame(await alices?.next(), read)
    expectFrame(await bobs?.next(), read)

    bobs?.send({ type: 'read_message', message_id: id })
    alices?.send({ type: 'read_message', message_id: id })
    await Promise.all([alices?.ping(), bobs?.ping()])
    const { id: marker } = (await bob.post(url, { content: 'after it' })).body
    expectFrame(await alices?.next(), { type: 'new_message', message: { id: marker } })
    expectRecorded(await alice.get(`${url}${id}/`), 200, {
      read_statuses: [{ id: expect.any(Number), user: { id: 2 }, timestamp: '2026-11-22T11:16:19.023255Z' }],
    })
  })

  test('reads nothing of a room that one is not in', async () => {
    const { id } = (await alice.post(url, { content: 'read me too' })).body
    const own = (await server.group(eve, [carol], 'Of her own')).id
    const [eves, alices] = await Promise.all([eve.connect(`/ws/chat/${own}/`), alice.connect(`/ws/chat/${direct}/`)])
    eves.send({ type: 'read_message', message_id: id })
    expect(await eves.next()).toMatchObject({ type: 'error' })
    expectRecorded(await alice.get(`${url}${id}/`), 200, { read_statuses: [] })
    await alices.ping()
    expect(alices.pending()).toEqual([])
  })

  test.each([
    ['invalid JSON', '{'],
    ['JSON array', '[1]'],
    ['read_message with a string id', '{"type":"read_message","message_id":"abc"}'],
    ['read_message without message_id', '{"type":"read_message"}'],
    ['unknown message id', '{"type":"read_message","message_id":999999}'],
    ['unknown type', '{"type":"x"}'],
    ['messages go by REST', '{"type":"new_message","message":"psst"}'],
    ['a binary frame', Buffer.from([1, 2, 3])],
    ['an empty text frame', ''],
  ])('%s is answered with an error, and the socket stays open', async (_what, sent) => {
    const [bobs, alices] = await Promise.all([bob.connect(`/ws/chat/${direct}/`), alice.connect(`/ws/chat/${direct}/`)])
    bobs.send(sent)
    expect(await bobs.next()).toMatchObject({ type: 'error', message: expect.any(String) })
    await Promise.all([bobs.ping(), alices.ping()])
    expect(bobs.isOpen).toBe(true)
    expect(alices.pending()).toEqual([])
  })
})

describe('ws/sidebar/', () => {
  test('shows the last message to members, and nothing of it to others', async () => {
    const [alices, bobs, eves] = await Promise.all([alice, bob, eve].map((one) => one.connect('/ws/sidebar/')))
    const { id } = (await bob.post(url, { content: 'between us' })).body
    const isIt = (frame: Record<string, unknown>) => Reflect.get(Object(frame.last_message), 'id') === id
    const shown = {
      type: 'last_message_updated',
      group_id: direct,
      last_message: {
        id,
        text: 'between us',
        sender: 'bob',
        content: 'between us',
        sender_name: 'bob',
        timestamp: TIME,
      },
    }
    expectFrame(await alices?.nextWhere(isIt), shown)
    expectFrame(await bobs?.nextWhere(isIt), shown)

    const marker = (await server.group(eve, [carol], 'Marker')).id
    await eves?.nextWhere(isOf(marker))
    expect(eves?.pending().filter(isOf(direct))).toEqual([])
  })

  test('shows a new group to its members alone, each in their own view', async () => {
    const [alices, bobs, eves] = await Promise.all([alice, bob, eve].map((one) => one.connect('/ws/sidebar/')))
    const group = (await server.group(alice, [bob, carol], 'secret plans')).id
    const shown = {
      type: 'group_created',
      group: {
        id: group,
        is_group: true,
        participants: [
          { id: 1, username: 'alice', full_name: null, is_admin: true },
          { id: 2, username: 'bob', full_name: null, is_admin: false },
          { id: 3, username: 'carol', full_name: null, is_admin: false },
        ],
        admins: [{ id: 1 }],
        group_image: null,
        chat_name: 'secret plans',
      },
    }
    expectFrame(await alices?.nextWhere(isOf(group)), shown)
    expectFrame(await bobs?.nextWhere(isOf(group)), shown)

    const marker = (await server.group(eve, [carol], 'Marker')).id
    await eves?.nextWhere(isOf(marker))
    expect(eves?.pending().filter(isOf(group))).toEqual([])
  })

  test('shows the room that a friendship opens to the two, under the name of the other', async () => {
    const [carols, eves] = await Promise.all([carol, eve].map((one) => one.connect('/ws/sidebar/')))
    const { roomId } = await server.befriend(carol, eve)
    expectFrame(await carols?.nextWhere(isOf(roomId)), {
      type: 'group_created',
      group: { chat_name: 'eve', is_group: false, admins: [] },
    })
    expectFrame(await eves?.nextWhere(isOf(roomId)), {
      type: 'group_created',
      group: { chat_name: 'carol', is_group: false },
    })
  })

  test('says nothing on connecting to somebody to whom nothing has happened', async () => {
    const franks = await (await enter(server, 'frank')).connect('/ws/sidebar/')
    await franks.ping()
    expect(franks.pending()).toEqual([])
  })

  test('tells again what happened in the ten seconds before it opened, and nothing older', async () => {
    const group = (await server.group(alice, [bob], 'Just now')).id
    const soon = await bob.connect('/ws/sidebar/')
    expect(await soon.nextWhere(isOf(group))).toMatchObject({ type: 'group_created' })

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
    const later = await bob.connect('/ws/sidebar/')
    await alice.post(`/api/chatrooms/${group}/messages/`, { content: 'later' })
    expect(await later.nextWhere(isOf(group))).toMatchObject({
      type: 'last_message_updated',
      last_message: { content: 'later' },
    })
  })

  test('lets in whoever has just closed one after 200 ms', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await (await carol.connect('/ws/sidebar/')).close()
    const began = performance.now()
    await carol.connect('/ws/sidebar/')
    // A timer may be a little early by another clock.
    expect(performance.now() - began).toBeGreaterThan(195)
  })

  test.each(['{', Buffer.from([1, 2]), '{"type":"x"}'])('stays open whatever a client sends: %s', async (sent) => {
    const carols = await carol.connect('/ws/sidebar/')
    carols.send(sent)
    await carols.ping()
    expect(carols.isOpen).toBe(true)
  })
})

describe('sessions', () => {
  test('a client that closes is answered with its own code', async () => {
    const carols = await carol.connect('/ws/sidebar/')
    await carols.close()
    expect(await carols.closed()).toMatchObject({ code: 1000 })
  })

  test('who logs out hears nothing more, and does not come in by the old token (unlike in the original)', async () => {
    const carols = await carol.connect('/ws/notifications/')
    expectRecorded(await send(carol, 'POST /api/logout/', { refresh_token: carol.refresh }), 200)
    await carols.closed()
    await server.group(alice, [carol], 'carol has logged out')
    expect(carols.pending().filter((frame) => frame.type === 'new_notification')).toEqual([])
    expect(await knock(`/ws/sidebar/?token=${carol.token}`)).toBe('refused: 403')
  })
})
