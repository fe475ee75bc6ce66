import { HttpClient } from '@confab/client'
import { expect, test } from 'vitest'
import { listReaders, loadReadStatuses } from './readers.ts'

const message = {
  id: 10,
  no: 5,
  room: 1,
  sender: { id: 1, username: 'ada' },
  content: 'tea?',
  timestamp: '2026-03-02T10:00:00Z',
  image: null,
  thumbnail: null,
  image_width: null,
  image_height: null,
  read_statuses: [],
  edited_at: null,
  client_id: null,
}

const members = ['ada', 'bob', 'cleo', 'dan'].map((username, index) => ({
  id: index + 1,
  username,
  full_name: null,
  profile_pic: null,
}))

test('readers are those of the server and those whose mark reached the message since, latest first', () => {
  const statuses = [{ id: 1, user: { id: 2 }, timestamp: '2026-03-02T10:01:00Z' }]
  const mark = { message_id: 11, read_at: '2026-03-02T10:05:00Z', username: 'cleo' }
  const marks = { 2: { ...mark, no: 6, username: 'bob' }, 3: { ...mark, no: 6 }, 4: { ...mark, no: 4 } }
  const { read, unread } = listReaders(message, { members, statuses, marks })
  expect(read.map(({ name, at }) => [name, at])).toEqual([
    ['cleo', '2026-03-02T10:05:00Z'],
    ['bob', '2026-03-02T10:01:00Z'],
  ])
  expect(unread.map(({ name }) => name)).toEqual(['dan'])
})

test('the readers of a message in a large room are fetched to the last one', async () => {
  const asked: string[] = []
  const http = new HttpClient({
    url: 'http://chat.test',
    fetch: async (url) => {
      asked.push(String(url))
      const isLast = String(url).includes('cursor=more')
      const status = { id: isLast ? 2 : 1, user: { id: isLast ? 3 : 2 }, timestamp: '2026-03-02T10:01:00Z' }
      return Response.json([status], isLast ? {} : { headers: { link: `<${url}&cursor=more>; rel="next"` } })
    },
  })
  const statuses = await loadReadStatuses(http, message, new AbortController().signal)
  expect(statuses.map(({ user }) => user.id)).toEqual([2, 3])
  expect(asked[0]).toBe('http://chat.test/api/chatrooms/1/messages/10/message_read_status/?limit=500')
})
