import type { ChatClient } from '@confab/client/client'
import type { Notification } from '@confab/client/contract.gen'
import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { connect, until } from './clients.ts'
import { Network } from './proxy.ts'
import { Requests } from './requests.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

const say = (person: Person, room: number, content: string) =>
  person.post(`/api/chatrooms/${room}/messages/`, { content })

const isMention = ({ notification_type: type }: Notification) => type === 'mention'

const unreadOf = ({ state }: ChatClient) =>
  state.notifications.items.filter(({ is_read }) => !is_read).map(({ message }) => message)

async function countLockWaits(): Promise<number> {
  const { rowCount } = await server.database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount ?? 0
}

test('what came while all notifications were being marked as read stays unread', async () => {
  const ada = await server.person('ada')
  const first = await ada.post('/api/notifications/', { message: 'first' })
  const client = await connect(ada)
  await client.notifications.load()
  const holder = await server.database.pool.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM notifications WHERE id = $1 FOR UPDATE', [first.body.id])

  const marking = ada.post('/api/notifications/mark_all_read/')
  await untilLockAwaited(server.database.pool)
  // Waits for the marking, which has the topic, while that waits for what is held.
  const telling = ada.post('/api/notifications/', { message: 'second' })
  await vi.waitUntil(async () => (await countLockWaits()) === 2, 10_000)
  await holder.query('COMMIT')
  holder.release()
  await Promise.all([marking, telling])

  await expect.poll(() => [unreadOf(client), client.state.notifications.unreadCount]).toEqual([['second'], 1])
})

test('who reads a room up to a message has the mentions after it still before them', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob])
  const ids: number[] = []
  for (const content of ['one', `@${bob.username} two`, 'three', `@${bob.username} four`]) {
    ids.push((await ada.post(`/api/chatrooms/${room}/messages/`, { content })).body.id)
  }
  const client = await connect(bob)
  await expect.poll(() => client.notifications.listMentions(room)).toEqual([ids[1], ids[3]])
  await client.notifications.load()
  await client.rooms.refresh()
  expect(client.state.rooms.byId[room]?.mention_count).toBe(2)
  const close = client.messages.open(room)
  await until(client, ({ windows }) => windows[room]?.messages.length === 4)

  await client.markRead(room, ids[2] ?? 0)
  await until(client, ({ rooms }) => rooms.byId[room]?.unread_count === 1)

  await expect.poll(() => client.notifications.listMentions(room)).toEqual([ids[3]])
  await until(client, ({ rooms }) => rooms.byId[room]?.mention_count === 1)
  close()
})

test('who reads a part of a room elsewhere keeps a mention before them in a room that is not open here', async () => {
  const [ada, bob] = await server.people('ada', 'bob')
  const { id: room } = await server.group(ada, [bob])
  const ids: number[] = []
  for (const content of [`@${bob.username} one`, 'two', `@${bob.username} three`]) {
    ids.push((await ada.post(`/api/chatrooms/${room}/messages/`, { content })).body.id)
  }
  const client = await connect(bob)
  await expect.poll(() => client.notifications.listMentions(room)).toEqual([ids[0], ids[2]])
  await client.notifications.load()
  await client.rooms.refresh()

  await bob.post(`/api/chatrooms/${room}/messages/${ids[1]}/mark_as_read/`)
  await until(client, ({ rooms }) => rooms.byId[room]?.unread_count === 1)
  await until(client, ({ notifications }) => notifications.items.some((one) => one.is_read))
  expect(client.state.rooms.byId[room]?.mention_count).toBe(1)

  await bob.post(`/api/chatrooms/${room}/mark_as_read/`)
  await until(client, ({ rooms }) => rooms.byId[room]?.mention_count === 0)
})

describe('a list of notifications', () => {
  async function connectWithMany() {
    const ada = await server.person('ada')
    await server.database.pool.query(
      `INSERT INTO notifications (user_id, type, content) SELECT $1, 'system', i FROM generate_series(1, 120) i`,
      [ada.id],
    )
    const requests = new Requests()
    const client = await connect(ada, { fetch: requests.fetch })
    await client.notifications.load()
    return { ada, client, requests }
  }

  test('that grew is as long when it was fetched anew', async () => {
    const { ada, client } = await connectWithMany()
    await client.notifications.loadMore()
    expect(client.state.notifications.items).toHaveLength(100)

    await ada.post('/api/notifications/mark_all_read/')
    await until(client, ({ notifications }) => notifications.unreadCount === 0)
    await client.notifications.load()

    expect(client.state.notifications.items).toHaveLength(100)
  })

  test('that grows while it is fetched anew is as long as it grew', async () => {
    const { client, requests } = await connectWithMany()
    requests.isLate = (url) => url.includes('/notifications/')
    const isMore = (url: string) => url.includes('cursor')

    const growing = client.notifications.loadMore()
    const renewing = client.notifications.load()
    await vi.waitFor(() => expect(requests.answered.some(isMore)).toBe(true), 5_000)
    requests.releaseOnly(isMore)
    await growing
    requests.release()
    await renewing

    expect(client.state.notifications.items).toHaveLength(100)
  })
})

describe('the count of mentions', () => {
  test.each(['deleting the message', 'deleting the notification'])('goes down by %s', async (what) => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const mention = (await say(ada, room, `@${bob.username} look`)).body.id
    await say(ada, room, 'and something else')
    const client = await connect(bob)
    await client.notifications.load()
    const state = await until(client, ({ notifications }) =>
      notifications.items.some(({ notification_type: type }) => type === 'mention'),
    )
    await client.rooms.refresh()
    const id = state.notifications.items.find(({ notification_type: type }) => type === 'mention')?.id
    expect(client.state.rooms.byId[room]?.mention_count).toBe(1)

    if (what === 'deleting the message') await ada.delete(`/api/chatrooms/${room}/messages/${mention}/`)
    else await bob.delete(`/api/notifications/${id}/`)
    await until(client, ({ notifications }) => notifications.items.every((one) => one.id !== id))

    const fresh = await connect(bob)
    expect(fresh.state.rooms.byId[room]?.mention_count).toBe(0)
    await until(client, ({ rooms }) => rooms.byId[room]?.mention_count === 0, 3_000)
  })

  test('is right although an event is about one that was read while there was no connection', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const ids: number[] = []
    for (const content of [`@${bob.username} one`, 'two', `@${bob.username} three`]) {
      ids.push((await say(ada, room, content)).body.id)
    }
    const requests = new Requests()
    const client = await connect(bob, { fetch: requests.fetch })
    await expect.poll(() => client.notifications.listMentions(room)).toEqual([ids[0], ids[2]])
    await client.notifications.load()
    const first = client.state.notifications.items.find((one) => one.message_id === ids[0] && isMention(one))
    client.stop()
    await bob.patch(`/api/notifications/${first?.id}/`, { is_read: true })
    requests.isHeld = (url) => url.includes('/notifications/')
    client.messages.open(room)
    await client.start()
    await until(client, ({ windows }) => windows[room]?.messages.length === 3)
    expect(client.state.rooms.byId[room]?.mention_count).toBe(1)

    await bob.post(`/api/chatrooms/${room}/messages/${ids[1]}/mark_as_read/`)
    await until(client, ({ rooms }) => rooms.byId[room]?.unread_count === 1)
    requests.release()
    await until(client, ({ notifications }) => !notifications.isStale)

    expect(client.state.rooms.byId[room]?.mention_count).toBe(1)
  })

  test('goes up again by a mention that is marked as unread', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    await say(ada, room, `@${bob.username} look`)
    const client = await connect(bob)
    await client.notifications.load()
    const state = await until(client, ({ notifications }) => notifications.items.some(isMention))
    await client.rooms.refresh()
    const path = `/api/notifications/${state.notifications.items.find(isMention)?.id}/`

    await bob.patch(path, { is_read: true })
    await until(client, ({ rooms }) => rooms.byId[room]?.mention_count === 0)
    await bob.patch(path, { is_read: false })
    await until(client, ({ notifications }) => !notifications.items.find(isMention)?.is_read)

    expect(client.state.rooms.byId[room]?.mention_count).toBe(1)
  })
})

describe('after a reconnect', () => {
  test('what happened meanwhile is in the list and told to listeners, also while nothing can be fetched', async () => {
    const ada = await server.person('ada')
    const tell = async (message: string) => (await ada.post('/api/notifications/', { message })).body.id
    const [first, second] = [await tell('one'), await tell('two')]
    await tell('three')
    const [network, requests] = [await Network.to(server.url), new Requests()]
    const { url, environment } = network
    const client = await connect(ada, { url, environment, fetch: requests.fetch })
    await client.notifications.load()
    const told: string[][] = []
    client.on('notification.created', ({ notifications }) => told.push(notifications.map(({ message }) => message)))
    requests.isLost = (url) => url.includes('/notifications/')
    network.cut()
    await until(client, ({ status }) => status === 'waiting')

    await ada.patch(`/api/notifications/${first}/`, { is_read: true })
    await ada.delete(`/api/notifications/${second}/`)
    await tell('four')
    network.join()
    const { notifications } = await until(client, ({ status }) => status === 'live')

    expect(notifications.items.map(({ message, is_read }) => [message, is_read])).toEqual([
      ['four', false],
      ['three', false],
      ['one', true],
    ])
    expect(notifications.unreadCount).toBe(2)
    expect(told).toEqual([['four']])
  })

  test('one that went with its message meanwhile is neither in the list nor in the count', async () => {
    const [ada, bob] = await server.people('ada', 'bob')
    const { id: room } = await server.group(ada, [bob])
    const network = await Network.to(server.url)
    const client = await connect(bob, { url: network.url, environment: network.environment })
    await client.notifications.load()
    const before = client.state.notifications.unreadCount
    network.cut()
    await until(client, ({ status }) => status === 'waiting')

    const gone = (await say(ada, room, 'gone')).body.id
    await say(ada, room, 'kept')
    await expect.poll(async () => (await bob.get('/api/notifications/')).body[0]?.message).toBe('kept')
    await ada.delete(`/api/chatrooms/${room}/messages/${gone}/`)
    network.join()
    const { notifications } = await until(client, ({ status }) => status === 'live')

    expect(notifications.items.map(({ message }) => message)).toContain('kept')
    expect(notifications.items.map(({ message }) => message)).not.toContain('gone')
    expect(notifications.unreadCount).toBe(before + 1)
  })

  test('the list is fetched anew, for what changes without being told', async () => {
    const ada = await server.person('ada')
    const { id } = (await ada.post('/api/notifications/', { message: 'one' })).body
    const network = await Network.to(server.url)
    const client = await connect(ada, { url: network.url, environment: network.environment })
    await client.notifications.load()
    await server.database.pool.query(`UPDATE notifications SET content = 'other' WHERE id = $1`, [id])

    network.cut()
    await until(client, ({ status }) => status === 'waiting')
    network.join()

    const textsOf = ({ state }: ChatClient) => state.notifications.items.map(({ message }) => message)
    await expect.poll(() => textsOf(client)).toEqual(['other'])
  })

  test('what comes is added to what was unread by then, while the list cannot be fetched', async () => {
    const ada = await server.person('ada')
    const tell = (message: string) => ada.post('/api/notifications/', { message })
    await tell('one')
    const requests = new Requests()
    const client = await connect(ada, { fetch: requests.fetch })
    await client.notifications.load()
    client.stop()
    for (const message of ['two', 'three', 'four']) await tell(message)
    requests.isLost = (url) => url.includes('/notifications/')
    await client.start()
    await client.ready()
    expect(client.state.notifications.unreadCount).toBe(4)

    await tell('five')
    await until(client, ({ notifications }) => notifications.items.some(({ message }) => message === 'five'))

    expect(client.state.notifications.unreadCount).toBe(5)
  })
})
