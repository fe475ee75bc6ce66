import type { RateClass } from '@confab/contract/endpoint'
import { PASSWORD, type Person, type Reply, startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'

/** A call that counts, of somebody in a room. */
type Call = (person: Person, room: number) => Promise<Reply>

/** A picture; what is no picture counts as well. */
const image = { bytes: new TextEncoder().encode('no picture') }

test.each<[RateClass, Call]>([
  ['register', (person) => person.post('/api/register/', {})],
  ['login', (person) => person.post('/api/login/', { identifier: person.username, password: PASSWORD })],
  ['refresh', (person) => person.post('/api/token/refresh/', { refresh: person.refresh })],
  ['send', (person, room) => person.post(`/api/chatrooms/${room}/messages/`, { content: 'hello' })],
  ['upload', (person, room) => person.post(`/api/chatrooms/${room}/messages/`, undefined, { form: { image } })],
  ['search', (person) => person.get('/api/users/?search=ada')],
  ['write', (person) => person.patch('/api/profile/', { bio: 'a mathematician' })],
  ['read', (person) => person.get('/api/profile/')],
])('over the budget of %s a call is told when to come back', async (rate, call) => {
  const server = await startTestServer({ RATE_LIMIT_FACTOR: '1', [`RATE_${rate.toUpperCase()}`]: '2/60' })
  const [host, person] = await server.people('host', 'person')
  const { id: room } = await server.group(host, [person])

  const replies: Reply[] = []
  for (let count = 0; count < 3; count++) replies.push(await call(person, room))

  expect(replies.map(({ status }) => status === 429)).toEqual([false, false, true])
  const { headers, body } = replies[2] ?? expect.unreachable()
  const seconds = Number(headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(headers.get('x-error-code')).toBe('throttled')
  expect(body).toEqual({ detail: `Request was throttled. Expected available in ${seconds} seconds.` })
})
