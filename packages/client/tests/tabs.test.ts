import type { ChatClient } from '@confab/client/client'
import { MemoryOutbox } from '@confab/client/outbox/store'
import { selectMessages } from '@confab/client/selectors'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { clientOf, connect, until } from './clients.ts'
import { Network } from './proxy.ts'
import { Requests } from './requests.ts'

let server: TestServer
let ada: Person
let bob: Person
let room: number
let sockets: number
/** Whom sockets were told to watch. */
let watched: number[][]

beforeAll(async () => {
  server = await startTestServer()
})

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
  sockets = 0
  watched = []
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Counts the sockets that tabs open, and notes whom they watch. */
class CountedSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols)
    sockets += 1
  }

  override send(text: string): void {
    const { type, users } = JSON.parse(text)
    if (type === 'presence.watch') watched.push(users)
    super.send(text)
  }
}

/** Tabs of one browser: they share its lock, its channel and what it keeps. */
async function openTabs(count: number, url = server.url): Promise<ChatClient[]> {
  const outbox = new MemoryOutbox()
  const options = { shareTabs: true, WebSocket: CountedSocket, outbox, url }
  const [first, ...others] = Array.from({ length: count }, () => clientOf(ada, options))
  if (!first) return []
  await first.start()
  await first.ready()
  await Promise.all(others.map((tab) => tab.start().then(() => tab.ready())))
  for (const tab of [first, ...others]) tab.messages.open(room)
  await Promise.all([first, ...others].map((tab) => until(tab, (state) => state.windows[room] !== undefined)))
  return [first, ...others]
}

const contents = (client: ChatClient) => selectMessages(client.state, room).map((message) => message.content)

test('several tabs share one socket, and each shows everything', async () => {
  const tabs = await openTabs(3)

  await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'to all tabs' })
  await Promise.all(tabs.map((tab) => until(tab, (state) => state.windows[room]?.messages.length === 1)))

  expect(sockets).toBe(1)
  expect(tabs.map(contents)).toEqual(Array(3).fill(['to all tabs']))
  expect(tabs.map((tab) => tab.state.rooms.byId[room]?.unread_count)).toEqual([1, 1, 1])
  await tabs[2]?.markRead(room)
  await Promise.all(tabs.map((tab) => until(tab, (state) => state.rooms.byId[room]?.unread_count === 0)))
})

test('the socket watches whom any of the tabs shows', async () => {
  const [cyd] = await server.people('cyd')
  const { id: other } = await server.group(ada, [cyd])
  const [first, second] = await openTabs(2)

  await first?.rooms.loadRoom(room)
  await vi.waitFor(() => expect(watched.at(-1)).toEqual([bob.id]))
  await second?.rooms.loadRoom(other)

  await vi.waitFor(() => expect(new Set(watched.at(-1))).toEqual(new Set([bob.id, cyd.id])))
})

test('what one tab sends every tab shows, once, whichever has the socket', async () => {
  const tabs = await openTabs(2)

  for (const [index, tab] of [...tabs, ...tabs].entries()) tab.send(room, `from a tab ${index}`)
  expect(tabs.map((tab) => tab.state.outbox.length > 0)).toEqual([true, true])
  await Promise.all(
    tabs.map((tab) => until(tab, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === 4)),
  )

  const [first, second] = tabs.map(contents)
  expect(first).toEqual(second)
  expect(first?.toSorted()).toEqual([0, 1, 2, 3].map((index) => `from a tab ${index}`))
})

test('when the tab with the socket closes another takes over, and nothing is lost or doubled', async () => {
  const [first, second, third] = await openTabs(3)
  if (!first || !second || !third) throw new Error('three tabs')
  for (let index = 0; index < 5; index++) second.send(room, `before ${index}`)
  first.stop()
  await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'in between' })
  for (let index = 0; index < 5; index++) third.send(room, `after ${index}`)

  await Promise.all(
    [second, third].map((tab) =>
      until(tab, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === 11),
    ),
  )

  expect(sockets).toBe(2)
  expect(contents(second)).toEqual(contents(third))
  expect(new Set(contents(second)).size).toBe(11)
})

test('a tab that is opened while none has the socket is told everything by the one that takes over', async () => {
  const [first, second] = await openTabs(2)
  if (!first || !second) throw new Error('two tabs')
  const lock = `confab ${server.url} ${ada.id}`
  // Before the second tab there is one that is closed as soon as it has its turn.
  second.stop()
  let close = () => {}
  const turn = new Promise<void>((resolve) => {
    void navigator.locks.request(lock, () => {
      resolve()
      return new Promise<void>((end) => {
        close = end
      })
    })
  })
  await second.start()
  await second.ready()
  first.stop()
  await turn
  const third = clientOf(ada, { shareTabs: true, WebSocket: CountedSocket })
  await third.start()
  await until(third, (state) => state.status === 'connecting')
  // What is said on the channel comes in order: the tab has asked for the state by now.
  await new Promise((resolve) => setTimeout(resolve, 50))

  close()
  await Promise.all(
    [second, third].map((tab) => until(tab, (state) => state.status === 'live' && state.isReady, 5_000)),
  )

  expect(third.state.rooms.byId[room]).toMatchObject({ id: room })
})

test('what a tab fetches while it is given the state of another is fetched again', async () => {
  const [cyd] = await server.people('cyd')
  // A channel that swallows an event, so that the next one shows the other tab that it missed something.
  class LeakyChannel extends BroadcastChannel {
    override postMessage(note: { frame?: { type: string } }): void {
      if (note.frame?.type !== 'member.added') super.postMessage(note)
    }
  }
  vi.stubGlobal('BroadcastChannel', LeakyChannel)
  await openTabs(1)
  const requests = new Requests()
  const second = await connect(ada, { shareTabs: true, fetch: requests.fetch })
  requests.isLate = (url) => url.endsWith(`/chatrooms/${room}/`)
  const loading = second.rooms.loadRoom(room)
  await vi.waitFor(() => expect(requests.answered.some(requests.isLate)).toBe(true))

  await ada.post(`/api/chatrooms/${room}/add_members/`, { users: [cyd.id] })
  await ada.patch(`/api/chatrooms/${room}/`, { room_name: 'Three' })
  await until(second, ({ rooms }) => rooms.byId[room]?.chat_name === 'Three')
  requests.release()
  await loading

  expect(second.state.details[room]).toMatchObject({ chat_name: 'Three', member_count: 3 })
})

test('what is written in a tab that is just being opened stays in it, and is sent', async () => {
  const network = await Network.to(server.url)
  const [first] = await openTabs(1, network.url)
  if (!first) throw new Error('a tab')
  network.cut()
  await until(first, ({ status }) => status === 'waiting')
  const second = clientOf(ada, { shareTabs: true, url: network.url })
  await second.start()
  const clientId = second.send(room, 'before it was told anything')
  await until(second, ({ isReady }) => isReady)
  await until(first, ({ outbox }) => outbox.length === 1)

  expect(second.state.outbox).toMatchObject([{ clientId, status: 'queued' }])
  network.join()
  await until(second, ({ outbox }) => outbox.length === 0)
  await until(first, ({ windows }) => windows[room]?.messages.length === 1)
})

test('a network that is cut and joined again is one reconnect for all tabs', async () => {
  const network = await Network.to(server.url)
  const tabs = await openTabs(2, network.url)
  network.cut()
  await Promise.all(tabs.map((tab) => until(tab, (state) => state.status === 'waiting')))
  await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'missed' })
  tabs[1]?.send(room, 'offline')

  network.join()
  await Promise.all(tabs.map((tab) => until(tab, (state) => state.windows[room]?.messages.length === 2)))

  expect(tabs.map(contents)).toEqual(Array(2).fill(['missed', 'offline']))
})

test('a gap in what is told is closed by a resume', async () => {
  // A socket that swallows one event, as no network does but a broken proxy might.
  let swallowed = 0
  class LeakySocket extends CountedSocket {
    override set onmessage(listener: ((event: MessageEvent) => void) | null) {
      super.onmessage = (event: MessageEvent) => {
        if (swallowed === 0 && String(event.data).includes('"message.created"')) swallowed += 1
        else listener?.(event)
      }
    }
  }
  const bobs = await connect(bob, { WebSocket: LeakySocket })
  bobs.messages.open(room)
  await until(bobs, (state) => state.windows[room] !== undefined)

  for (const content of ['swallowed', 'next']) await ada.post(`/api/chatrooms/${room}/messages/`, { content })
  await until(bobs, (state) => state.windows[room]?.messages.length === 2)

  expect({ swallowed, sockets }).toEqual({ swallowed: 1, sockets: 2 })
  expect(contents(bobs)).toEqual(['swallowed', 'next'])
  expect(bobs.state.rooms.byId[room]?.unread_count).toBe(2)
})
