/** What reaches a socket whose server hears of events later than they are committed, because the bus is away. */
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import type { Frame, TestSocket } from '@confab/testkit/socket'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { greetGateway, leaveOnlyTheBus, type Position, withoutNotifications } from './testing.ts'

let server: TestServer
/** Another server on the same database, which the first hears nothing of but by asking the log, when it is told to. */
let elsewhere: TestServer
let ada: Person
let bob: Person
let room: number
let topic: `room:${number}`

beforeAll(async () => {
  server = await startTestServer()
  elsewhere = await server.node()
  ;[ada, bob] = await server.people('ada', 'bob')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
  topic = `room:${room}`
  leaveOnlyTheBus(server)
  // A notification that it makes later has it read what is before it in the person's topic.
  for (const { core } of [elsewhere, server]) await core.services.notifications.settled(10_000)
})

/** What the first server has not heard of is done here. */
const away = (person: Person) => elsewhere.as(person)

const sayElsewhere = (content: string) => away(ada).post(`/api/chatrooms/${room}/messages/`, { content })

const start = (person: Person, resume?: Position) => greetGateway(server, person, resume)

/** What comes next of the room; notifications of what was said there come whenever they are made. */
const nextOfRoom = (socket: TestSocket) => socket.nextWhere((frame) => frame.topic === topic)

/** The first server asks the log, and everything there is of the room and its people reaches its sockets. */
async function hear(): Promise<void> {
  await server.core.services.realtime.hub.checkTopics([topic, `user:${ada.id}`, `user:${bob.id}`])
}

test('a notification that ready counts is not told of any more, however late its event comes by the bus', async () => {
  const { realtime, notifications } = server.core.services
  const unread = ({ totals }: Frame) => Reflect.get(Object(totals), 'unread_notifications')
  const before = unread((await start(bob)).ready)
  const late: (() => void)[] = []
  const publish = realtime.publish.bind(realtime)
  const held = vi.spyOn(realtime, 'publish').mockImplementation((events) => {
    if (events.some(({ type }) => type === 'notification.created')) late.push(() => publish(events))
    else publish(events)
  })
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: `@${bob.username} counted` })
  await notifications.settled(10_000)
  held.mockRestore()

  const { socket, ready } = await start(bob)
  expect(late).toHaveLength(1)
  for (const tell of late) tell()
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: `@${bob.username} told` })

  expect(unread(ready)).toBe(before + 1)
  expect(await socket.next('notification.created')).toMatchObject({
    data: { notifications: [{ message: `@${bob.username} told` }] },
  })
})

test('what a socket knows from ready does not come again when its server hears of it', async () => {
  const { socket: adas, ready } = await start(ada)
  const seq = ready.positions[topic] ?? 0
  await sayElsewhere('unheard')
  await sayElsewhere('unheard too')

  const { socket: bobs, ready: bobsReady } = await start(bob)
  await hear()
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'heard' })

  expect(bobsReady.positions[topic]).toBe(seq + 2)
  expect(await adas.next('message.created')).toMatchObject({ topic, seq: seq + 1 })
  expect(await bobs.next('message.created')).toMatchObject({ topic, seq: seq + 3 })
})

test('who was removed and added again hears the room from there on, though the room itself is heard of later', async () => {
  const { ready } = await start(ada)
  const { socket: bobs } = await start(bob)
  const seq = ready.positions[topic] ?? 0
  await away(ada).post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
  await away(ada).post(`/api/chatrooms/${room}/add_members/`, { users: [bob.id] })

  await server.core.services.realtime.hub.checkTopics([`user:${bob.id}`])
  expect(await nextOfRoom(bobs)).toEqual({ type: 'resync', topic, seq: seq + 2 })
  await hear()
  await sayElsewhere('welcome back')
  await hear()

  expect(await nextOfRoom(bobs)).toMatchObject({ type: 'message.created', seq: seq + 3 })
})

test('who was removed and added again while away fetches the room afresh, instead of hearing what was in between', async () => {
  const { socket, ready } = await start(bob)
  await socket.close()
  const seq = ready.positions[topic] ?? 0
  await ada.post(`/api/chatrooms/${room}/remove_member/`, { user_id: bob.id })
  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'without bob' })
  await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [bob.id] })

  const resumed = await start(bob, ready)

  const types = withoutNotifications(resumed.before).map(({ type }) => type)
  expect(types).toEqual(['room.deleted', 'room.created', 'resync'])
  expect(resumed.before.at(-1)).toEqual({ type: 'resync', topic, seq: seq + 3 })
})

test('of a group whose messages are gone for good before its deletion is heard of, only the deletion is told', async () => {
  const { socket, ready } = await start(bob)
  const seq = ready.positions[topic] ?? 0
  for (const content of ['one', 'two']) await sayElsewhere(content)
  await away(ada).delete(`/api/chatrooms/${room}/`)
  await vi.waitFor(async () => {
    const left = await server.database.pool.query('SELECT FROM messages WHERE room_id = $1', [room])
    expect(left.rowCount).toBe(0)
  }, 10_000)

  await server.core.services.realtime.hub.checkTopics([topic])

  expect(await nextOfRoom(socket)).toEqual({ type: 'resync', topic, seq: seq + 2 })
  expect(await nextOfRoom(socket)).toEqual({ type: 'room.deleted', topic, seq: seq + 3, data: { room } })
})
