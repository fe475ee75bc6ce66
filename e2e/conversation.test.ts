import { Api } from '@confab/testkit/api'
import { expectStatus, PASSWORD, userIdOf } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { npmStart } from './npm-start.ts'

const server = await npmStart()
afterAll(() => server.stop())

const anonymous = new Api(server.url)
const sockets: TestSocket[] = []
afterAll(() => {
  for (const socket of sockets) socket.terminate()
})

/** Somebody of the conversation. */
class Friend extends Api {
  readonly name: string
  refresh = ''

  constructor(name: string) {
    super(server.url)
    this.name = name
  }

  get id(): number {
    return userIdOf(this.token ?? '')
  }

  async register(): Promise<void> {
    const account = { username: this.name, email: `${this.name}@example.com`, password: PASSWORD }
    const { body } = expectStatus(
      await anonymous.post('/api/register/', { ...account, confirm_password: PASSWORD, identifier: '' }),
      201,
    )
    this.token = body.tokens.access
    this.refresh = body.tokens.refresh
  }

  async connect(path: string): Promise<TestSocket> {
    const socket = await TestSocket.open(`${server.url.replace(/^http/, 'ws')}${path}?token=${this.token}`)
    sockets.push(socket)
    return socket
  }
}

const ada = new Friend('ada')
const bob = new Friend('bob')
const cleo = new Friend('cleo')
let direct: number
let group: number

describe('a stranger who has started the server', () => {
  test('finds it alive, ready and documented', async () => {
    expect(server.banner).toContain(`${server.url}/api/schema/swagger-ui/`)
    expect((await anonymous.get('/healthz')).body).toEqual({ status: 'ok' })
    expect(await anonymous.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', database: 'up' } })
    for (const page of ['/api/schema/swagger-ui/', '/api/schema/redoc/']) {
      const { status, headers, body } = await anonymous.get(page)
      expect([page, status, headers.get('content-type')]).toEqual([page, 200, expect.stringContaining('text/html')])
      for (const [, asset = ''] of String(body).matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)) {
        expect([asset, (await anonymous.get(asset)).status]).toEqual([asset, 200])
      }
    }
    expect((await anonymous.get('/api/schema/')).headers.get('content-type')).toContain('openapi')
    expect((await anonymous.get('/api/schema/?format=json')).body.openapi).toMatch(/^3\.1/)
    expect((await anonymous.get('/api/schema/asyncapi/?format=json')).body.asyncapi).toMatch(/^3\./)
  })

  test('may call it from a web page of this machine, and nobody else’s page may', async () => {
    const ask = (origin: string) =>
      anonymous.request('OPTIONS', '/api/profile/', undefined, {
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,content-type',
        },
      })
    const { status, headers } = await ask('http://localhost:5173')
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:5173'])
    expect(headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(headers.get('access-control-allow-headers')).toContain('authorization')
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('three people', () => {
  test('register, and log in by name or address', async () => {
    for (const person of [ada, bob, cleo]) await person.register()
    for (const identifier of ['ada', 'ADA@example.com']) {
      expect((await anonymous.post('/api/login/', { identifier, password: PASSWORD })).status).toBe(200)
    }
    const { body } = await anonymous.post('/api/token/refresh/', { refresh: ada.refresh })
    expect(userIdOf(body.access)).toBe(ada.id)
  })

  test('become friends, and have a room of their own', async () => {
    const bobs = await bob.connect('/ws/notifications/')
    const sidebars = await Promise.all([ada.connect('/ws/sidebar/'), bob.connect('/ws/sidebar/')])

    const request = expectStatus(await ada.post('/api/friend-requests/', { to_user: bob.id }), 201)
    expect(await bobs.next('new_notification')).toMatchObject({ notification: { notification_type: 'friend_request' } })
    expectStatus(await bob.post(`/api/friend-requests/${request.body.id}/accept/`), 200)

    const told = await Promise.all(sidebars.map((sidebar) => sidebar.next('group_created')))
    expect(told).toMatchObject([{ group: { chat_name: 'bob' } }, { group: { chat_name: 'ada' } }])
    direct = (await ada.get('/api/chatrooms/')).body.results[0].id
    expect((await bob.get('/api/friends/')).body).toMatchObject([{ id: ada.id }])
  })

  test('talk both ways, by REST and by socket', async () => {
    const [adas, bobs] = await Promise.all([ada.connect(`/ws/chat/${direct}/`), bob.connect(`/ws/chat/${direct}/`)])
    const gateway = await bob.connect('/ws/')
    gateway.send({ type: 'hello' })
    await gateway.next('ready')

    const sent = expectStatus(await ada.post(`/api/chatrooms/${direct}/messages/`, { content: 'hello bob' }), 201)
    for (const socket of [adas, bobs]) {
      expect(await socket.next('new_message')).toMatchObject({ message: { id: sent.body.id, content: 'hello bob' } })
    }
    gateway.send({ type: 'message.send', room: direct, content: 'hello ada', client_id: 'answer', ref: '1' })
    expect(await gateway.next('ack')).toMatchObject({ ref: '1' })
    expect(await adas.next('new_message')).toMatchObject({ message: { content: 'hello ada', sender: { id: bob.id } } })

    const { body } = await ada.get(`/api/chatrooms/${direct}/messages/`)
    expect(body.results.map((one: { content: string }) => one.content)).toEqual(['hello ada', 'hello bob'])
  })

  test('see each other typing and reading', async () => {
    const [adas, bobs] = await Promise.all([ada.connect(`/ws/chat/${direct}/`), bob.connect(`/ws/chat/${direct}/`)])
    const { body } = await ada.post(`/api/chatrooms/${direct}/messages/`, { content: 'are you there?' })
    bobs.send({ type: 'typing' })
    expect(await adas.next('typing')).toEqual({ type: 'typing', username: 'bob' })
    bobs.send({ type: 'stop_typing' })
    expect(await adas.next('stop_typing')).toEqual({ type: 'stop_typing', username: 'bob' })
    bobs.send({ type: 'read_message', message_id: body.id })
    expect(await adas.next('message.read')).toMatchObject({ message_id: body.id, reader: { id: bob.id } })
    const statuses = await ada.get(`/api/chatrooms/${direct}/messages/${body.id}/message_read_status/`)
    expect(statuses.body).toMatchObject([{ user: { id: bob.id } }])
  })

  test('meet in a group with a picture, and share images that others cannot see', async () => {
    const cleos = await cleo.connect('/ws/sidebar/')
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    const made = await ada.post('/api/chatrooms/', undefined, {
      form: { room_name: 'Tea party', participant_ids: [bob.id, cleo.id], group_image: { bytes: picture } },
    })
    group = expectStatus(made, 201).body.id
    expect(await cleos.next('group_created')).toMatchObject({ group: { id: group, chat_name: 'Tea party' } })

    const form = { content: 'look', image: { bytes: picture } }
    const sent = expectStatus(await cleo.post(`/api/chatrooms/${group}/messages/`, undefined, { form }), 201)
    expect((await fetch(sent.body.image)).headers.get('content-type')).toMatch(/^image\//)
    expect((await fetch(sent.body.image.replace(/\?.*/, ''))).status).toBe(403)
    expect((await fetch(made.body.group_image)).status).toBe(200)
  })

  test('are told of what they missed, and mark it read', async () => {
    const bobs = await bob.connect('/ws/notifications/')
    await cleo.post(`/api/chatrooms/${group}/messages/`, { content: 'tea at five, @bob?' })
    const mention = await bobs.nextWhere(
      ({ notification }) => Reflect.get(Object(notification), 'notification_type') === 'mention',
    )
    expect(mention).toMatchObject({ notification: { chat_name: 'Tea party', is_read: false } })
    expect((await bob.get('/api/notifications/unread/')).body.length).toBeGreaterThan(0)
    expect((await bob.post('/api/notifications/mark_all_read/')).status).toBe(204)
    expect((await bob.get('/api/notifications/unread/')).body).toEqual([])
  })

  test('find what was said, each only in their own rooms', async () => {
    const find = async (person: Friend, q: string) =>
      (await person.get(`/api/search/messages/?q=${q}`)).body.results.length
    // A search waits for the index only for a moment, which on a busy machine may be too short.
    await expect.poll(() => Promise.all([find(bob, 'tea'), find(cleo, 'tea')])).toEqual([1, 1])
    await expect.poll(() => find(ada, 'hello')).toBe(2)
    expect(await find(cleo, 'hello')).toBe(0)
  })

  test('log out, and are out', async () => {
    const socket = await ada.connect('/ws/sidebar/')
    expect((await ada.post('/api/logout/', { refresh_token: ada.refresh })).status).toBe(200)
    expect(await socket.closed()).toMatchObject({ code: 4501 })
    expect((await ada.get('/api/profile/')).status).toBe(401)
    expect((await anonymous.post('/api/token/refresh/', { refresh: ada.refresh })).status).toBe(401)
    await expect(ada.connect('/ws/sidebar/')).rejects.toThrow('refused: 403')
    expect((await bob.get('/api/profile/')).status).toBe(200)
  })
})

test('the server stops when it is asked to', async () => {
  expect(await server.stop()).toBe(0)
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
})
