import type { Message } from '@confab/client'
import { addNew, MAX_MESSAGES, prepend, windowOf } from '@confab/client/messages/window'
import { expect, test } from 'vitest'

const PAGE = 100

const message = (id: number): Message => ({
  id,
  no: id,
  room: 1,
  sender: { id: 1, username: 'ada' },
  content: `message ${id}`,
  timestamp: new Date(id * 1000).toISOString(),
  image: null,
  thumbnail: null,
  image_width: null,
  image_height: null,
  read_statuses: [],
  edited_at: null,
  client_id: null,
})

/** The page that ends with a message, as the server answers it. */
const pageBefore = (newest: number) => ({
  results: Array.from({ length: PAGE }, (_, index) => message(newest - index)),
  older: newest > PAGE ? `before ${newest - PAGE}` : null,
  newer: `after ${newest}`,
})

test('what is read stays in the window while it grows into the past, however much came live behind it', () => {
  const total = 3 * MAX_MESSAGES
  let window = windowOf({ ...pageBefore(PAGE), newer: null })
  for (let id = PAGE + 1; id <= total; id += 1) window = addNew(window, message(id))
  expect(window.messages.at(-1)?.id).toBe(total)

  for (let first = window.messages[0]?.id ?? 0; first > 1; first = window.messages[0]?.id ?? 0) {
    window = prepend(window, pageBefore(first - 1))
    const ids = window.messages.map(({ id }) => id)
    expect(ids).toContain(first + PAGE)
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index))
    expect(ids.length).toBeLessThanOrEqual(3 * MAX_MESSAGES)
  }
  expect(window.messages.length).toBeLessThanOrEqual(2 * MAX_MESSAGES)
})
