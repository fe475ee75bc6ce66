import type { Frame } from '@confab/testkit/socket'
import { expect, test } from 'vitest'
import { startCast } from './cast.ts'
import { expectFrame, expectRecorded } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob } = cast
const direct = (await server.befriend(alice, bob)).roomId
const url = `/api/chatrooms/${direct}/messages/`
const TIME = '2026-11-22T11:16:29.684723+00:00'
const told = (content: string, messageId: unknown = expect.any(Number)) => ({
  message_id: messageId,
  sender: 'alice',
  room_id: direct,
  content,
  timestamp: TIME,
  is_read: false,
  notification_type: 'new_message',
})
const isAbout = (message: string) => (frame: Frame) => Reflect.get(Object(frame.notification), 'message') === message

/** A socket of bob's with nothing unread. */
async function quietSocket() {
  await bob.post('/api/notifications/mark_all_read/')
  return bob.connect('/ws/notifications/')
}

test('on connecting with nothing unread, nothing is sent', async () => {
  const bobs = await quietSocket()
  await bobs.ping()
  expect(bobs.pending()).toEqual([])
})

test('a message is told of as it comes, cut at 50 characters; its sender is not told', async () => {
  const bobs = await quietSocket()
  await alice.post('/api/notifications/mark_all_read/')
  const alices = await alice.connect('/ws/notifications/')
  const { id } = (await alice.post(url, { content: 'ping 3' })).body
  expectFrame(await bobs.next('new_notification'), { type: 'new_notification', notification: told('ping 3', id) })
  await alice.post(url, { content: 'w'.repeat(51) })
  expectFrame(await bobs.next('new_notification'), { notification: told(`${'w'.repeat(50)}...`) })
  await alices.ping()
  expect(alices.pending()).toEqual([])
})

test('on connecting, the unread ones come as a list, newest first', async () => {
  const bobs = await quietSocket()
  await alice.post(url, { content: 'ping 1' })
  await alice.post(url, { content: 'z'.repeat(60) })
  await bobs.nextWhere(isAbout('z'.repeat(60)))
  const again = await bob.connect('/ws/notifications/')
  expectFrame(await again.next(), {
    type: 'notification_list',
    notifications: [
      { id: expect.any(Number), ...told(`${'z'.repeat(50)}...`) },
      { id: expect.any(Number), ...told('ping 1') },
    ],
  })
})

test('with 25 unread the list has the newest 20', async () => {
  const bobs = await quietSocket()
  for (let count = 0; count < 25; count++) await alice.post(url, { content: `n${count}` })
  await bobs.nextWhere(isAbout('n24'))
  const { notifications } = await (await bob.connect('/ws/notifications/')).next('notification_list')
  const contents = Array.isArray(notifications) ? notifications.map((one) => one.content) : []
  expect(contents).toEqual(Array.from({ length: 20 }, (_, index) => `n${24 - index}`))
})

test('they are marked as read, one and all', async () => {
  const bobs = await quietSocket()
  await bob.post(url, { content: 'for alice' })
  for (const content of ['one', 'two', 'three', 'four']) await alice.post(url, { content })
  await bobs.nextWhere(isAbout('four'))
  const [newest]: { id: number }[] = (await bob.get('/api/notifications/unread/')).body
  const alices: { id: number }[] = (await alice.get('/api/notifications/')).body

  const answerTo = async (frame: object) => {
    bobs.send(frame)
    return bobs.next()
  }
  const response = (id: unknown, success: boolean) => ({ type: 'mark_read_response', notification_id: id, success })
  const list = await answerTo({ action: 'get_unread' })
  expectFrame(list, {
    type: 'notification_list',
    notifications: ['four', 'three', 'two', 'one'].map((content) => told(content)),
  })
  expect(await answerTo({ action: 'mark_read', notification_id: newest?.id })).toEqual(response(newest?.id, true))
  expect(await answerTo({ action: 'mark_read', notification_id: alices[0]?.id })).toEqual(
    response(alices[0]?.id, false),
  )
  expect(await answerTo({ action: 'mark_read', notification_id: 999_999 })).toEqual(response(999_999, false))
  expect(await answerTo({ action: 'mark_read' })).toEqual(response(null, false))
  expect(await answerTo({ action: 'mark_read', notification_id: 'abc' })).toMatchObject({ type: 'error' })
  const all = (count: number) => ({ type: 'mark_all_read_response', count, success: true })
  expect(await answerTo({ action: 'mark_all_read' })).toEqual(all(3))
  expect(await answerTo({ action: 'mark_all_read' })).toEqual(all(0))
  expect(await answerTo({ action: 'get_unread' })).toEqual({ type: 'notification_list', notifications: [] })
})

test.each([
  ['invalid JSON', '{'],
  ['unknown action', '{"action":"x"}'],
  ['JSON array', '[1]'],
  ['JSON string', '"get_unread"'],
  ['a binary frame', Buffer.from([1, 2, 3])],
])('%s is answered with an error that tells nothing of our insides, and the socket stays open', async (_what, sent) => {
  const bobs = await quietSocket()
  bobs.send(sent)
  const frame = await bobs.next()
  expect(frame).toMatchObject({ type: 'error', message: expect.any(String) })
  expect(frame.message).not.toMatch(/object has no attribute|undefined|Cannot read/)
  await bobs.ping()
  expect(bobs.isOpen).toBe(true)
})

test('what is marked over REST is not told', async () => {
  const bobs = await quietSocket()
  await alice.post(url, { content: 'marked elsewhere' })
  const { notification } = await bobs.next('new_notification')
  const id = Reflect.get(Object(notification), 'id')
  expectRecorded(await bob.post(`/api/notifications/${id}/mark_read/`), 204)
  expectRecorded(await bob.post('/api/notifications/mark_all_read/'), 204)
  await bobs.ping()
  expect(bobs.pending()).toEqual([])
})

test('what was marked on the socket is read over REST', async () => {
  const bobs = await quietSocket()
  await alice.post(url, { content: 'seen' })
  await bobs.nextWhere(isAbout('seen'))
  bobs.send({ action: 'mark_all_read' })
  await bobs.next('mark_all_read_response')
  expectRecorded(await bob.get('/api/notifications/unread/'), 200, [])
})
