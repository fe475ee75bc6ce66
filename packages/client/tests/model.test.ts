import type { ChatClient } from '@confab/client/client'
import { MAX_MESSAGES } from '@confab/client/messages/window'
import { readersOf } from '@confab/client/receipts/reducers'
import { selectRooms } from '@confab/client/selectors'
import type { State } from '@confab/client/state'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { connect, until } from './clients.ts'
import { Network } from './proxy.ts'
import { Requests } from './requests.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

/** What people can do to each other; numbers choose rooms, people and messages among those there are. */
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('say'), who: fc.nat(2), room: fc.nat(2), pick: fc.nat(99) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit', 'delete', 'read', 'readAll'),
      who: fc.nat(2),
      room: fc.nat(2),
      pick: fc.nat(99),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('rename', 'kick', 'add', 'mute', 'unmute', 'leave', 'mention', 'send', 'cut', 'join'),
      who: fc.nat(2),
      room: fc.nat(2),
      pick: fc.nat(99),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'befriend',
        'accept',
        'unfriend',
        'block',
        'unblock',
        'clearNotifications',
        'markNotification',
        'deleteNotification',
        'bio',
      ),
      who: fc.nat(2),
      room: fc.nat(2),
      pick: fc.nat(99),
    }),
  },
)
type Action = typeof action extends fc.Arbitrary<infer One> ? One : never

/** People, their rooms, and the clients that are to know everything. */
type World = {
  people: readonly Person[]
  rooms: readonly number[]
  clients: readonly ChatClient[]
  network: Network
  returned: Set<number>
}

async function makeWorld(): Promise<World> {
  const people = await server.people('ada', 'bob', 'cyd')
  const [ada, bob, cyd] = people
  const rooms = await Promise.all([
    server.group(ada, [bob, cyd], 'All').then(({ id }) => id),
    server.group(bob, [ada], 'Two').then(({ id }) => id),
    server.befriend(ada, bob).then(({ roomId }) => roomId),
  ])
  const network = await Network.to(server.url)
  const clients = await Promise.all(
    people.map((person) => connect(person, { url: network.url, environment: network.environment })),
  )
  for (const client of clients) await look(client, rooms)
  return { people, rooms, clients, network, returned: new Set() }
}

/** Has a client know all there is. */
async function look(client: ChatClient, rooms: readonly number[]): Promise<void> {
  for (const room of rooms) client.messages.open(room)
  await client.notifications.load()
  await client.people.load()
}

/** Does it, as far as it can be done: refusals are part of life. */
async function act(
  { people, rooms, clients, network, returned }: World,
  { kind, who, room, pick }: Action,
): Promise<unknown> {
  const [me, other, client] = [people[who], people[(who + 1 + (pick % 2)) % 3], clients[who]]
  const id = rooms[room] ?? 0
  if (!me || !other || !client) throw new Error('nobody')
  const path = `/api/chatrooms/${id}/`
  const listed = async () => (await me.get(`${path}messages/?limit=10`)).body.results ?? []
  const message = async () => {
    const messages = await listed()
    return messages[pick % Math.max(1, messages.length)]?.id ?? 0
  }
  const notification = async () => {
    const { body } = await me.get('/api/notifications/?limit=10')
    return `/api/notifications/${body[pick % Math.max(1, body.length)]?.id ?? 0}/`
  }
  const doings: Record<string, () => unknown> = {
    say: () => me.post(`${path}messages/`, { content: `${kind} ${pick}` }),
    send: () => client.send(id, `sent ${pick}`),
    mention: () => me.post(`${path}messages/`, { content: `hello @${other.username}` }),
    edit: async () => me.patch(`${path}messages/${await message()}/`, { content: `edited ${pick}` }),
    delete: async () => me.delete(`${path}messages/${await message()}/`),
    read: async () => me.post(`${path}messages/${await message()}/mark_as_read/`),
    readAll: () => me.post(`${path}mark_as_read/`),
    rename: () => me.patch(path, { room_name: `Room ${pick}` }),
    kick: () => me.post(`${path}remove_member/`, { user_id: other.id }),
    add: () => {
      returned.add(id)
      return me.post(`${path}add_members/`, { users: [other.id] })
    },
    leave: () => me.post(`${path}leave_room/`),
    mute: () => me.put(`${path}mute/`, {}),
    unmute: () => me.delete(`${path}mute/`),
    befriend: () => me.post('/api/friend-requests/', { to_user: other.id }),
    accept: async () => {
      const { body } = await me.get('/api/friend-requests/')
      const pending = body.find(
        (one: { status: string; to_user: number }) => one.status === 'pending' && one.to_user === me.id,
      )
      return me.post(`/api/friend-requests/${pending?.id ?? 0}/accept/`)
    },
    unfriend: () => me.delete(`/api/friends/${other.id}/`),
    block: () => me.post(`/api/users/${other.id}/block/`),
    unblock: () => me.delete(`/api/users/${other.id}/block/`),
    clearNotifications: () => me.post('/api/notifications/mark_all_read/'),
    markNotification: async () => me.patch(await notification(), { is_read: pick % 2 === 0 }),
    deleteNotification: async () => me.delete(await notification()),
    bio: () => me.patch('/api/profile/', { bio: `bio ${pick}` }),
    cut: () => network.cut(),
    join: () => network.join(),
  }
  return doings[kind]?.()
}

/** What of a state can be compared with that of another client of the same person. */
function summarize(state: State, { rooms, returned }: World) {
  return {
    me: { ...state.me, last_seen: null, online_status: null, friends: state.me?.friends.toSorted() },
    rooms: selectRooms(state).map(({ counted: _, recountedBy: __, read_no, last_no, mention_count, ...room }) => room),
    messages: rooms.map((room) =>
      state.windows[room]?.messages.map((message) => ({
        ...message,
        // What somebody read before they left and came back is known with the next fetch only.
        read_statuses: returned.has(room) ? [] : readersOf(state, message).sort(),
        image: null,
      })),
    ),
    friends: state.people.friends.map(({ id }) => id).sort(),
    requests: state.people.requests.map(({ id, status }) => ({ id, status })),
    blocks: state.people.blocks.map(({ id }) => id).sort(),
    // The newest, since not all of a long list are fetched. One may quote a message as it was before an edit.
    notifications: state.notifications.items.slice(0, 30).map(({ message: _, ...one }) => one),
    unread: state.notifications.unreadCount,
    outbox: state.outbox.filter(({ status }) => status !== 'failed'),
  }
}

/** Where two values of the same form are not the same: `path: what it is, what it should be`. */
function differences(known: unknown, model: unknown, path = ''): string[] {
  if (typeof known !== 'object' || typeof model !== 'object' || known === null || model === null) {
    return known === model ? [] : [`${path}: ${JSON.stringify(model)}, should be ${JSON.stringify(known)}`]
  }
  const keys = [...new Set([...Object.keys(known), ...Object.keys(model)])]
  return keys.flatMap((key) => differences(Reflect.get(known, key), Reflect.get(model, key), `${path}.${key}`))
}

test('after whatever people did, a client knows what one that looks for the first time knows', async () => {
  const world = await makeWorld()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { minLength: 1, maxLength: 6 }), { minLength: 4, maxLength: 12, size: 'max' }),
      async (rounds) => {
        // Within a round everything happens at once.
        for (const round of rounds) await Promise.all(round.map((one) => act(world, one)))
        world.network.join()
        for (const [index, client] of world.clients.entries()) {
          const person = world.people[index]
          if (!person) continue
          await until(client, ({ status }) => status === 'live')
          await expect
            .poll(
              async () => {
                const fresh = await connect(person)
                await look(fresh, world.rooms)
                await until(fresh, ({ windows, rooms }) =>
                  world.rooms.every((room) => !(room in rooms.byId) || windows[room]?.isStale === false),
                )
                const known = summarize(fresh.state, world)
                fresh.stop()
                return differences(known, summarize(client.state, world))
              },
              { timeout: 20_000, interval: 300 },
            )
            .toEqual([])
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 6), endOnFailure: true, interruptAfterTimeLimit: 100_000 },
  )
}, 180_000)

describe('memory', () => {
  test('is bounded in a room: the window is cut at its far end, and grows back', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob])
    const total = 3 * MAX_MESSAGES
    for (let sent = 0; sent < total; ) {
      const batch = Array.from({ length: 100 }, () => {
        sent += 1
        return ada.post(`/api/chatrooms/${id}/messages/`, { content: `${sent}` })
      })
      await Promise.all(batch)
    }
    const bobs = await connect(bob)
    bobs.messages.open(id)
    await until(bobs, (state) => state.windows[id] !== undefined)
    const numbers = () => bobs.state.windows[id]?.messages.map(({ no }) => no) ?? []

    while (await bobs.messages.loadOlder(id)) {
      expect(numbers().length).toBeLessThanOrEqual(MAX_MESSAGES)
      expect(numbers()).toEqual(numbers().map((_, index) => (numbers()[0] ?? 0) + index))
    }
    expect(numbers()[0]).toBe(1)
    expect(bobs.state.windows[id]?.newer).not.toBeNull()
    while (await bobs.messages.loadNewer(id)) expect(numbers().length).toBeLessThanOrEqual(MAX_MESSAGES)
    expect(numbers().at(-1)).toBe(total)
    expect(numbers()).toEqual(numbers().map((_, index) => (numbers()[0] ?? 0) + index))
    await ada.post(`/api/chatrooms/${id}/messages/`, { content: 'live' })
    await until(bobs, (state) => state.windows[id]?.messages.at(-1)?.content === 'live')
    expect(await bobs.messages.showMessage(id, Number(bobs.state.windows[id]?.messages[10]?.id))).toBe(true)
  }, 60_000)

  test('has no hole where a room is cut by what comes while what was before is fetched', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id } = await server.group(ada, [bob])
    const say = (count: number) =>
      Promise.all(Array.from({ length: count }, () => ada.post(`/api/chatrooms/${id}/messages/`, { content: 'hello' })))
    await say(150)
    const requests = new Requests()
    const bobs = await connect(bob, { fetch: requests.fetch })
    bobs.messages.open(id)
    const length = () => bobs.state.windows[id]?.messages.length ?? 0
    await until(bobs, () => length() === 100)
    for (let grown = 100; grown < 2 * MAX_MESSAGES; grown += 100) await say(100)
    await until(bobs, () => length() === 2 * MAX_MESSAGES)
    requests.isLate = (url) => url.includes('cursor')

    const growing = bobs.messages.loadOlder(id)
    await expect.poll(() => requests.answered.some(requests.isLate)).toBe(true)
    await say(1)
    await until(bobs, () => length() <= MAX_MESSAGES)
    requests.release()
    await growing

    const numbers = bobs.state.windows[id]?.messages.map(({ no }) => no) ?? []
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  }, 60_000)

  test('is bounded over rooms: those nobody looks at are forgotten, the one looked at is not', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const adas = await connect(ada)
    const rooms = await Promise.all(Array.from({ length: 30 }, () => server.group(ada, [bob]).then(({ id }) => id)))
    const [watched = 0, ...others] = rooms
    adas.messages.open(watched)
    for (const room of others) {
      const close = adas.messages.open(room)
      await until(adas, (state) => state.windows[room] !== undefined)
      close()
    }

    const kept = Object.keys(adas.state.windows).map(Number)
    expect(kept.length).toBeLessThanOrEqual(22)
    expect(kept).toContain(watched)
    expect(kept).not.toContain(others[0])
    expect(kept).toContain(others.at(-1))
  }, 60_000)
})
