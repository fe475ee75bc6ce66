import { applyFrame } from '@confab/client/apply-event'
import type { EventMap } from '@confab/client/contract.gen'
import type { State } from '@confab/client/state'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { connect, until } from './clients.ts'
import { Requests } from './requests.ts'

let server: TestServer
let ada: Person
let bob: Person

beforeAll(async () => {
  server = await startTestServer()
})

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
})

const say = (person: Person, room: number, content: string) =>
  person.post(`/api/chatrooms/${room}/messages/`, { content })

test('what is not certain about the list is fetched although more of it was fetched meanwhile', async () => {
  await Promise.all(Array.from({ length: 120 }, () => server.group(ada, [bob])))
  const requests = new Requests()
  const client = await connect(bob, { fetch: requests.fetch })
  expect(client.state.rooms.next).not.toBeNull()
  requests.isLost = (url) => url.includes('/chatrooms/') && !url.includes('cursor')

  const { id } = await server.group(ada, [bob])
  await say(ada, id, 'hello')
  await until(client, ({ rooms }) => rooms.byId[id] !== undefined && rooms.isStale)
  await client.rooms.loadMore()
  requests.isLost = () => false

  await until(client, ({ rooms }) => rooms.byId[id]?.read_no !== undefined, 5_000)
})

test('a list that is fetched anew while it grows is as long as it grew', async () => {
  await Promise.all(Array.from({ length: 120 }, () => server.group(ada, [bob])))
  const requests = new Requests()
  const client = await connect(bob, { fetch: requests.fetch })
  requests.isLate = (url) => url.includes('/chatrooms/')
  const isMore = (url: string) => url.includes('cursor')

  const growing = client.rooms.loadMore()
  const renewing = client.rooms.refresh()
  await vi.waitFor(() => expect(requests.answered.some(isMore)).toBe(true), 5_000)
  requests.releaseOnly(isMore)
  await growing
  expect(client.state.rooms.order).toHaveLength(120)
  requests.release()
  await renewing

  expect(client.state.rooms.order).toHaveLength(120)
})

test('a message that comes after its read mark is the last one of its room all the same', async () => {
  const { id: room } = await server.group(ada, [bob])
  await say(ada, room, 'one')
  const client = await connect(bob)
  const before = client.state
  const heard = new Promise<EventMap['message.created']>((resolve) => client.on('message.created', resolve))
  await say(ada, room, 'two')
  const data = await heard
  const context = { me: bob.id, now: Date.now() }
  const unread = { type: 'unread', data: { room, unread_count: 0, read_no: 2, last_no: 2 } } as const
  const event = { type: 'message.created', topic: `room:${room}`, seq: 2, data } as const
  const late = applyFrame(applyFrame(before, unread, context), event, context)

  expect(late.rooms.byId[room]).toMatchObject({ unread_count: 0, last_message: { content: 'two' } })
})

test('a count is fetched where a read mark passed the deletion of a message that it may have counted', async () => {
  const { id: room } = await server.group(ada, [bob])
  const gone: number[] = []
  for (const content of ['one', 'two', 'three']) gone.push((await say(ada, room, content)).body.id)
  const { state } = await connect(bob)
  const context = { me: bob.id, now: Date.now() }
  const unread = { type: 'unread', data: { room, unread_count: 1, read_no: 1, last_no: 3 } } as const
  const data = { room, message_id: gone[1] ?? 0, no: 2, sender: { id: ada.id, username: ada.username } }
  const deletion = { type: 'message.deleted', topic: `room:${room}`, seq: 9, data } as const

  for (const frames of [
    [unread, deletion],
    [deletion, unread],
  ]) {
    const after = frames.reduce<State>((known, frame) => applyFrame(known, frame, context), state)
    expect(after.rooms.isStale).toBe(true)
  }
  expect(applyFrame(applyFrame(state, unread, context), unread, context).rooms.isStale).toBe(false)
  expect(applyFrame(applyFrame(state, deletion, context), deletion, context).rooms.isStale).toBe(false)
})
