import type { CachedPart } from '@confab/client/cache/parts'
import type { ModelCache } from '@confab/client/cache/store'
import type { ChatClient } from '@confab/client/client'
import { createEnvironment } from '@confab/client/environment'
import { selectMessages, selectRooms } from '@confab/client/selectors'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { clientOf, until } from './clients.ts'
import { Network } from './proxy.ts'

let server: TestServer
let network: Network
let ada: Person
let bob: Person
let room: number
let cache: Device
let hide: () => void

/** What a device keeps, as long as the test runs. */
class Device implements ModelCache {
  readonly kept = new Map<string, Map<string, CachedPart>>()

  async load(owner: string): Promise<CachedPart[]> {
    return [...(this.kept.get(owner)?.values() ?? [])]
  }

  async save(owner: string, parts: readonly CachedPart[], gone: readonly CachedPart['part'][]): Promise<void> {
    const kept = this.kept.get(owner) ?? new Map<string, CachedPart>()
    for (const part of gone) kept.delete(part)
    for (const part of parts) kept.set(part.part, structuredClone(part))
    this.kept.set(owner, kept)
  }

  async clear(owner: string): Promise<void> {
    this.kept.delete(owner)
  }

  get parts(): string[] {
    return [...this.kept.values()].flatMap((kept) => [...kept.keys()])
  }
}

beforeAll(async () => {
  server = await startTestServer()
  network = await Network.to(server.url)
})

beforeEach(async () => {
  network.join()
  cache = new Device()
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
})

/** A run of ada's app, on the same device as the others. */
async function run(): Promise<ChatClient> {
  const onHide = (listener: () => void) => {
    hide = listener
    return () => {}
  }
  const environment = { ...createEnvironment(), onHide }
  const client = clientOf(ada, { cache, url: network.url, environment })
  await client.start()
  return client
}

/** A run that has looked at the room, and was closed. */
async function runBefore(): Promise<void> {
  const client = await run()
  client.messages.open(room)
  await until(client, (state) => (state.windows[room]?.messages.length ?? 0) > 0)
  client.stop()
}

const say = (content: string) => bob.post(`/api/chatrooms/${room}/messages/`, { content })
const contents = (client: ChatClient) => selectMessages(client.state, room).map((message) => message.content)

test('what was looked at can be read without a connection, and is not called live', async () => {
  await say('kept')
  await runBefore()
  network.cut()
  const client = await run()
  await until(client, (state) => state.isReady)

  expect(contents(client)).toEqual(['kept'])
  expect(selectRooms(client.state).map(({ id }) => id)).toContain(room)
  expect(client.state.me?.id).toBe(ada.id)
  expect(client.state.windows[room]?.isStale).toBe(true)
  expect(client.state.status).not.toBe('live')
})

test('what happened meanwhile is there once after the connection came, and what is gone is gone', async () => {
  const { body: gone } = await say('deleted meanwhile')
  await say('kept')
  await runBefore()
  network.cut()
  const client = await run()
  client.messages.open(room)
  await until(client, (state) => state.isReady)
  expect(contents(client)).toEqual(['deleted meanwhile', 'kept'])

  await bob.delete(`/api/chatrooms/${room}/messages/${gone.id}/`)
  await say('missed')
  network.join()
  await until(client, (state) => state.status === 'live' && state.windows[room]?.isStale === false)
  await say('live')
  await until(client, (state) => state.windows[room]?.messages.some(({ content }) => content === 'live') === true)

  expect(contents(client)).toEqual(['kept', 'missed', 'live'])
  expect(client.state.rooms.byId[room]?.unread_count).toBe(3)
})

test('a server that answers at once is never overtaken by what was kept', async () => {
  await say('kept')
  await runBefore()
  await say('new')
  const client = clientOf(ada, { cache, url: network.url })
  const seen = new Set<string>()
  client.store.subscribe(() => {
    if (client.state.isReady) seen.add(client.state.rooms.byId[room]?.last_message?.content ?? '')
  })
  await client.start()
  await client.ready()

  expect([...seen]).toEqual(['new'])
})

test('what is hidden is written at once, since it may never run again', async () => {
  const client = await run()
  await client.ready()
  hide()
  await expect.poll(() => cache.parts).toEqual(['base'])
})

test('a room that one left is not kept', async () => {
  await say('kept')
  await runBefore()
  expect(cache.parts).toContain(`room:${room}`)
  await bob.post(`/api/chatrooms/${room}/messages/`, { content: 'still there' })
  const { id: other } = await server.group(bob, [ada])
  await ada.post(`/api/chatrooms/${room}/assign_admin/`, { user_id: bob.id })
  await ada.post(`/api/chatrooms/${room}/leave_room/`)
  const client = await run()
  await until(client, (state) => state.status === 'live' && other in state.rooms.byId)
  client.stop()

  expect(cache.parts).toEqual(['base'])
})

test('nothing stays on the device after a logout, here or elsewhere', async () => {
  await say('kept')
  await runBefore()
  const client = await run()
  await client.ready()
  await client.logout()
  expect(cache.parts).toEqual([])
})

test('of an older version nothing is shown', async () => {
  await say('kept')
  await runBefore()
  for (const kept of cache.kept.values()) {
    for (const [name, part] of kept) kept.set(name, { ...part, version: 0 })
  }
  network.cut()
  const client = await run()
  await until(client, (state) => state.status === 'waiting')
  expect(client.state.isReady).toBe(false)
})
