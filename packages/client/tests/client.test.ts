import { deliveryOf } from '@confab/client/receipts/reducers'
import { selectMessages, selectOutbox, selectRooms, selectTypists } from '@confab/client/selectors'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { clientOf, connect, until } from './clients.ts'

let server: TestServer
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = await server.people('ada', 'bob')
})

beforeEach(async () => {
  room = (await server.group(ada, [bob])).id
})

const contents = (client: Awaited<ReturnType<typeof connect>>) =>
  selectMessages(client.state, room).map((message) => message.content)

test('what one sends is there at once, then sent, delivered and read; the other hears of it', async () => {
  const [adas, bobs] = await Promise.all([connect(ada), connect(bob)])
  adas.messages.open(room)
  bobs.messages.open(room)
  await Promise.all([adas, bobs].map((client) => until(client, (state) => state.windows[room] !== undefined)))

  const clientId = adas.send(room, 'hello bob')

  expect(selectOutbox(adas.state, room)).toMatchObject([{ clientId, content: 'hello bob' }])
  await until(adas, (state) => state.outbox.length === 0)
  const [message] = selectMessages(adas.state, room)
  expect(message).toMatchObject({ client_id: clientId, content: 'hello bob' })
  expect(message && deliveryOf(adas.state, message)).toBe('delivered')
  await until(bobs, (state) => state.rooms.byId[room]?.unread_count === 1)
  expect(contents(bobs)).toEqual(['hello bob'])
  expect(selectRooms(bobs.state)[0]).toMatchObject({ id: room, last_message: { content: 'hello bob' } })
  await bobs.markRead(room)
  await until(adas, (state) => message !== undefined && deliveryOf(state, message) === 'read')
  expect((await until(bobs, (state) => state.rooms.byId[room]?.unread_count === 0)).rooms.byId[room]).toMatchObject({
    read_no: 1,
  })
})

test('who is an admin, and no longer, is known of a room that was loaded', async () => {
  const bobs = await connect(bob)
  await bobs.rooms.loadRoom(room)
  const isAdmin = () => bobs.state.details[room]?.is_admin
  const adminsOf = () => bobs.state.details[room]?.participants.flatMap((one) => (one.is_admin ? [one.id] : []))
  const about = { params: { id: room }, body: { user_id: bob.id } }
  const adas = await connect(ada)

  await adas.api.rooms.assignAdmin(about)
  await until(bobs, ({ details }) => details[room]?.admins.length === 2)
  expect(isAdmin()).toBe(true)
  await adas.api.rooms.removeAdmin(about)
  await until(bobs, ({ details }) => details[room]?.admins.length === 1)

  expect(isAdmin()).toBe(false)
  expect(adminsOf()).toEqual([ada.id])
})

test('a client that is started twice at once has one socket, and one that is stopped meanwhile has none', async () => {
  const [eve] = await server.people('eve')
  let sockets = 0
  class CountedSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      sockets += 1
    }
  }
  const client = clientOf(eve, { WebSocket: CountedSocket })

  const stopped = client.start()
  await client.http.tokens()
  client.stop()
  await stopped
  expect(client.state.status).toBe('stopped')

  expect(await Promise.all([client.start(), client.start()])).toEqual([true, true])
  await client.ready()
  expect(sockets).toBe(1)
})

test('typing is seen while it lasts, and ends with the message', async () => {
  const [adas, bobs] = await Promise.all([connect(ada), connect(bob)])

  adas.typing.start(room)
  await until(bobs, (state) => selectTypists(state, room).length === 1)
  expect(selectTypists(bobs.state, room)).toMatchObject([{ id: ada.id }])
  expect(selectTypists(adas.state, room)).toEqual([])
  adas.send(room, 'done')
  await until(bobs, (state) => selectTypists(state, room).length === 0)
})

test('listeners hear of every event once it is in the model', async () => {
  const bobs = await connect(bob)
  const heard = new Promise<[string, number]>((resolve) => {
    bobs.on('message.created', ({ message }) => {
      // What was sent last in an earlier test may come as late as this.
      if (message.room === room) resolve([message.content, bobs.state.rooms.byId[room]?.unread_count ?? 0])
    })
  })

  await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'by REST' })

  expect(await heard).toEqual(['by REST', 1])
})
