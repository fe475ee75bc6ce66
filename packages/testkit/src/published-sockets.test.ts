import { expect, test } from 'vitest'
import { publishedSockets } from './published-sockets.ts'
import { startTestServer } from './server.ts'

const { url } = await startTestServer()
const published = await publishedSockets(url)

test.each([
  ['/ws/', { type: 'pong' }],
  ['/ws', { type: 'pong' }],
  ['/ws/', { type: 'error', code: 'room_not_found', message: 'No ChatRoom matches the given query.' }],
  ['/ws/chat/7/', { type: 'typing', username: 'ada' }],
  ['/ws/chat/7', { type: 'error', message: 'Invalid JSON format' }],
  ['/ws/sidebar/', { type: 'presence', user_id: 7, online_status: true, last_seen: null, more: 1 }],
  ['/ws/notifications/', { type: 'notification_list', notifications: [] }],
])('%s may send %o', (path, frame) => {
  expect(() => published.check(path, frame)).not.toThrow()
})

test.each([
  ['/ws/', { type: 'nonsense' }, 'no such frame is published'],
  ['/ws/', {}, 'no such frame is published'],
  ['/ws/', null, 'no such frame is published'],
  ['/ws/', { type: 'hello' }, 'no such frame is published'],
  ['/ws/', { type: 'error', message: 'without its code' }, 'not as published'],
  ['/ws/', { type: 'typing', username: 'ada' }, 'not as published'],
  ['/ws/chat/7/', { type: 'typing', username: 7 }, 'not as published'],
  ['/ws/chat/7/', { type: 'presence', user_id: 7, online_status: true, last_seen: null }, 'no such frame is published'],
  ['/ws/sidebar/', { type: 'presence', user_id: 7, online_status: 'yes', last_seen: null }, 'not as published'],
  ['/ws/notifications/', { type: 'notification_list', notifications: [{}] }, 'not as published'],
  ['/ws/elsewhere/', { type: 'pong' }, 'no such socket is published'],
])('%s may not send %o', (path, frame, reason) => {
  expect(() => published.check(path, frame)).toThrow(reason)
})

test('what two servers publish in the same words is read once', async () => {
  const another = await startTestServer()
  expect(await publishedSockets(another.url)).toBe(published)
})
