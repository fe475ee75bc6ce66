import type { Ready } from '@confab/contract/gateway/frames'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, expect, test } from 'vitest'

/** As many chats as `ready` has. */
const SHOWN = 50

let server: TestServer
let ada: Person
let bob: Person
let oldest: number
let newer: number[]

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = await server.people('ada', 'bob')
  oldest = (await server.group(ada, [bob])).id
  await say(oldest, 'before all others')
  const groups = await Promise.all(Array.from({ length: SHOWN }, () => server.group(ada, [bob])))
  newer = groups.map(({ id }) => id)
})

const say = (room: number, content: string) => ada.post(`/api/chatrooms/${room}/messages/`, { content })

async function readReady(person: Person): Promise<Ready> {
  const socket = await person.connect('/ws/')
  socket.send({ type: 'hello' })
  const ready = await socket.next('ready')
  await socket.close()
  return ready as unknown as Ready
}

const ascending = (ids: readonly number[]) => ids.toSorted((one, other) => one - other)

test('ready has the newest 50 chats, and the rest is on the page that it names', async () => {
  const { rooms, rooms_next: next, positions, totals } = await readReady(bob)

  expect(ascending(rooms.map(({ id }) => id))).toEqual(ascending(newer))
  const { pathname, search, origin } = new URL(String(next))
  expect(origin).toBe(server.url)
  const page = await bob.get(pathname + search)
  expect(page.body).toMatchObject({ next: null, results: [{ id: oldest, unread_count: 1 }] })
  expect(totals.rooms).toBe(SHOWN + 1)
  // It follows the ones that are not shown, too.
  expect(positions).toHaveProperty([`room:${oldest}`])
})

test('totals count every unread message, in chats that are not shown too, and a mention counts in its own chat', async () => {
  const [first = 0, second = 0, third = 0] = newer
  for (const content of ['one', 'two']) await say(first, content)
  await say(second, `three, @${bob.username}`)
  // Each chat and each message makes a notification, which is told once it is known.
  const unread = { unread_rooms: 3, unread_messages: 4, unread_notifications: SHOWN + 1 + 4 }
  await expect.poll(async () => (await readReady(bob)).totals).toEqual({ rooms: SHOWN + 1, ...unread })

  const { rooms } = await readReady(bob)

  const countsOf = (room: number) => rooms.find(({ id }) => id === room)
  expect(countsOf(first)).toMatchObject({ unread_count: 2, mention_count: 0 })
  expect(countsOf(second)).toMatchObject({ unread_count: 1, mention_count: 1 })
  expect(countsOf(third)).toMatchObject({ unread_count: 0, mention_count: 0 })
})

test('a chat that is no longer among the newest comes back with the next message', async () => {
  await say(oldest, 'here again')

  const { rooms } = await readReady(bob)

  expect(rooms[0]).toMatchObject({ id: oldest, unread_count: 2 })
  expect(rooms).toHaveLength(SHOWN)
})
