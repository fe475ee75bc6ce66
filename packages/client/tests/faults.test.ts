import { MemoryOutbox } from '@confab/client/outbox/store'
import { selectMessages } from '@confab/client/selectors'
import { MemoryTokens, readClaims } from '@confab/client/tokens'
import { signAccessToken } from '@confab/server/features/accounts/tokens'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import sharp from 'sharp'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clientOf, connect, until } from './clients.ts'
import { Network } from './proxy.ts'
import { Requests } from './requests.ts'

let server: TestServer
let network: Network
let ada: Person
let bob: Person
let room: number

beforeAll(async () => {
  server = await startTestServer()
  network = await Network.to(server.url)
  ;[ada, bob] = await server.people('ada', 'bob')
})

beforeEach(async () => {
  network.join()
  room = (await server.group(ada, [bob])).id
})

/** A client behind the network that can be cut, looking at the room. */
async function watch(person: Person) {
  const client = await connect(person, { url: network.url })
  client.messages.open(room)
  await until(client, (state) => state.windows[room]?.isStale === false)
  return client
}

const contents = (client: Awaited<ReturnType<typeof connect>>) =>
  selectMessages(client.state, room).map((message) => message.content)

const say = (person: Person, content: string) => person.post(`/api/chatrooms/${room}/messages/`, { content })

describe('a network that goes away', () => {
  test('what is sent meanwhile lands once and in order when it is back', async () => {
    const adas = await watch(ada)
    network.cut()
    await until(adas, (state) => state.status === 'waiting')
    const texts = Array.from({ length: 20 }, (_, index) => `offline ${index}`)
    for (const text of texts) adas.send(room, text)

    network.join()
    await until(adas, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === texts.length)

    expect(contents(adas)).toEqual(texts)
    const { body } = await ada.get(`/api/chatrooms/${room}/messages/`)
    expect(body.results.map((one: { content: string }) => one.content).reverse()).toEqual(texts)
  })

  test('an image that waits is there after a reload with the size that was told, until it is a message', async () => {
    const outbox = new MemoryOutbox()
    const first = await connect(ada, { url: network.url, outbox })
    network.cut()
    await until(first, (state) => state.status === 'waiting')
    const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    const imageSize = { width: 30, height: 20 }
    const clientId = first.send(room, { image: new Blob([new Uint8Array(bytes)], { type: 'image/png' }), imageSize })
    expect(first.state.outbox).toMatchObject([{ clientId, imageSize }])
    first.stop()

    const second = clientOf(ada, { url: network.url, outbox })
    second.messages.open(room)
    await second.start()
    expect((await until(second, (state) => state.outbox.length === 1)).outbox).toMatchObject([{ clientId, imageSize }])
    network.join()

    await until(second, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === 1)
    expect(selectMessages(second.state, room)).toMatchObject([
      { client_id: clientId, image_width: 30, image_height: 20 },
    ])
  })

  test('what happened meanwhile is told when it is back, and counts are right', async () => {
    const bobs = await watch(bob)
    await say(ada, 'before')
    await until(bobs, (state) => state.windows[room]?.messages.length === 1)
    network.cut()
    await until(bobs, (state) => state.status === 'waiting')
    const { body } = await say(ada, 'typo')
    await ada.patch(`/api/chatrooms/${room}/messages/${body.id}/`, { content: 'meanwhile' })
    const gone = await say(ada, 'gone')
    await ada.delete(`/api/chatrooms/${room}/messages/${gone.body.id}/`)

    network.join()
    await until(bobs, (state) => state.windows[room]?.messages.length === 2 && !state.rooms.isStale)

    expect(contents(bobs)).toEqual(['before', 'meanwhile'])
    expect(bobs.state.rooms.byId[room]).toMatchObject({ unread_count: 2, last_message: { content: 'meanwhile' } })
  })

  test('a cut in the middle of sending neither loses nor doubles anything', async () => {
    const adas = await watch(ada)
    const texts = Array.from({ length: 60 }, (_, index) => `torn ${index}`)
    for (const [index, text] of texts.entries()) {
      adas.send(room, text)
      if (index % 15 !== 14) continue
      await until(adas, (state) => state.outbox.some(({ status }) => status === 'sending'))
      network.cut()
      await until(adas, (state) => state.status !== 'live')
      network.join()
      await until(adas, (state) => state.status === 'live')
    }

    await until(adas, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === texts.length)

    expect(contents(adas)).toEqual(texts)
  })
})

test('a server that is stopped and started again while people type loses and doubles nothing', async () => {
  const installation = await startTestServer()
  const [cyd, dan] = await installation.people('cyd', 'dan')
  const { id } = await installation.group(cyd, [dan])
  const way = await Network.to(installation.url)
  const clients = await Promise.all([cyd, dan].map((person) => connect(person, { url: way.url })))
  for (const client of clients) client.messages.open(id)
  const [cyds, dans] = clients
  if (!cyds || !dans) throw new Error('two clients')
  let running = installation

  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 10; index++) {
      cyds.send(id, `cyd ${round}.${index}`)
      dans.send(id, `dan ${round}.${index}`)
    }
    const next = await running.node()
    way.cut()
    await running.close()
    way.leadTo(next.url)
    way.join()
    running = next
    await until(cyds, (state) => state.status === 'live')
  }
  await Promise.all(
    clients.map((client) =>
      until(client, (state) => state.outbox.length === 0 && state.windows[id]?.messages.length === 60, 30_000),
    ),
  )

  const [seen, alsoSeen] = clients.map((client) => selectMessages(client.state, id).map(({ content }) => content))
  expect(seen).toEqual(alsoSeen)
  for (const name of ['cyd', 'dan']) {
    const sent = Array.from({ length: 30 }, (_, index) => `${name} ${Math.floor(index / 10)}.${index % 10}`)
    expect(seen?.filter((text) => text.startsWith(name))).toEqual(sent)
  }
}, 60_000)

describe('what cannot be told', () => {
  /** Makes the log forget so much that what was missed cannot be replayed. */
  const forgetLog = () => sql`DELETE FROM room_events WHERE room_id = ${room}`.execute(server.database.kysely)

  test('is fetched afresh where it is looked at', async () => {
    const bobs = await watch(bob)
    await say(ada, 'one')
    await until(bobs, (state) => state.windows[room]?.messages.length === 1)
    network.cut()
    await until(bobs, (state) => state.status === 'waiting')
    const texts = ['two', 'three', 'four']
    for (const text of texts) await say(ada, text)
    await forgetLog()

    network.join()
    await until(bobs, (state) => state.windows[room]?.messages.length === 4)

    expect(contents(bobs)).toEqual(['one', ...texts])
    expect(bobs.state.rooms.byId[room]).toMatchObject({ unread_count: 4 })
    await say(ada, 'live again')
    await until(bobs, (state) => state.windows[room]?.messages.length === 5)
  })

  test('leaves no send hanging that was stored', async () => {
    const adas = await watch(ada)
    // The event of the send is lost on the way, so that only its answer comes.
    network.cut()
    await until(adas, (state) => state.status === 'waiting')
    const clientId = adas.send(room, 'stored')
    await ada.post(`/api/chatrooms/${room}/messages/`, { content: 'stored', client_id: clientId })
    await forgetLog()

    network.join()
    await until(adas, (state) => state.outbox.length === 0 && state.windows[room]?.messages.length === 1)

    expect(contents(adas)).toEqual(['stored'])
  })
})

test('a send whose event came is not kept on the device, although its answer is lost', async () => {
  class DeafSocket extends WebSocket {
    override set onmessage(listener: ((event: MessageEvent) => void) | null) {
      super.onmessage = (event: MessageEvent) => {
        if (!String(event.data).includes('"ack"')) listener?.(event)
      }
    }
  }
  const outbox = new MemoryOutbox()
  const adas = await connect(ada, { url: network.url, outbox, WebSocket: DeafSocket })
  const kept = () => outbox.load(`${network.url} ${ada.id}`)
  const clientId = adas.send(room, 'told, but not answered')
  expect(await kept()).toMatchObject([{ clientId }])

  await until(adas, (state) => state.outbox.length === 0)
  network.cut()

  expect(await kept()).toEqual([])
})

test('what the server refuses fails, stands in nobody’s way, and can be sent again or discarded', async () => {
  const adas = await watch(ada)
  const tooLong = adas.send(room, 'x'.repeat(10_001))
  adas.send(room, 'after it')
  await until(adas, (state) => state.windows[room]?.messages.length === 1)

  expect(adas.state.outbox).toMatchObject([
    { clientId: tooLong, status: 'failed', error: { code: 'invalid', message: expect.stringContaining('10000') } },
  ])
  adas.retry(tooLong)
  await until(adas, (state) => state.outbox[0]?.status === 'failed')
  adas.discard(tooLong)
  expect(adas.state.outbox).toEqual([])
})

describe('a login that is over', () => {
  test('ends the client, and what it knew', async () => {
    const cyd = await server.person('cyd')
    const cyds = await connect(cyd)
    const ended = new Promise<void>((resolve) => {
      cyds.on('logged_out', () => resolve())
    })

    await cyd.post('/api/logout/', { refresh_token: cyd.refresh })
    await ended

    expect(cyds.state).toMatchObject({ status: 'stopped', me: undefined, isReady: false })
    expect(await cyds.http.tokens()).toBeUndefined()
    expect(await cyds.start()).toBe(false)
  })

  test('by choice is over at once, whatever the network does, and the server is told', async () => {
    const gil = await server.person('gil')
    const requests = new Requests()
    const outbox = new MemoryOutbox()
    const client = await connect(gil, { fetch: requests.fetch, outbox })
    const ended = new Promise((resolve) => client.on('logged_out', resolve))
    requests.isHeld = (url) => url.includes('/logout/')
    client.stop()
    client.send(room, 'never sent')

    const leaving = client.logout()
    expect(await ended).toBe('logout')
    expect(client.state.me).toBeUndefined()
    expect(await client.http.tokens()).toBeUndefined()
    expect(await outbox.load(`${server.url} ${gil.id}`)).toEqual([])
    requests.release()
    await leaving

    const renewal = clientOf(gil).http.refresh()
    await expect(renewal).rejects.toMatchObject({ status: 401 })
  })

  test('is noticed at the start, too', async () => {
    const eve = await server.person('eve')
    await eve.post('/api/logout/', { refresh_token: eve.refresh })
    const stale = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxLCJleHAiOjF9.stale'
    const client = clientOf(eve, { tokens: new MemoryTokens({ access: stale, refresh: eve.refresh }) })
    const ended = new Promise<void>((resolve) => {
      client.on('logged_out', () => resolve())
    })

    await client.start()
    await ended

    expect(client.state.me).toBeUndefined()
  })
})

test('a socket lives on when its token expires', async () => {
  const fay = await server.person('fay')
  const { user_id: userId, session_id: sessionId } = JSON.parse(
    Buffer.from(String(fay.token).split('.')[1] ?? '', 'base64url').toString(),
  )
  const bearer = { userId, sessionId, username: fay.username }
  const access = await signAccessToken(server.core.secretKey, bearer, 8)
  const fays = clientOf(fay, { tokens: new MemoryTokens({ access, refresh: fay.refresh }) })
  const statuses: string[] = []
  fays.on('status', (status) => statuses.push(status))
  await fays.start()
  await fays.ready()
  const renewed = new Promise<string>((resolve) => {
    fays.http.onTokens((tokens) => resolve(tokens?.access ?? ''))
  })

  expect(await renewed).not.toBe(access)
  // Beyond the end of the first token the socket still answers.
  await expect.poll(() => Date.now() / 1000, { timeout: 10_000 }).toBeGreaterThan((readClaims(access)?.exp ?? 0) + 0.5)
  await fays.markRead((await server.group(fay, [bob])).id)
  expect(statuses).toEqual(['connecting', 'live'])
})
