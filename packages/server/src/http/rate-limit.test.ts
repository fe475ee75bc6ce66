import type { RateClass } from '@confab/contract/endpoint'
import { PASSWORD, type Person, type Reply, startTestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { decodeJwt } from 'jose'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { signAccessToken } from '../features/accounts/tokens.ts'

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
  ['search', (person) => person.get('/api/friends/?search=ada')],
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

/** A server behind a proxy that says which address a call comes from. */
function startBehindProxy(limits: Record<string, string>) {
  return startTestServer({ RATE_LIMIT_FACTOR: '1', TRUST_PROXY: 'true', ...limits })
}

const from = (address: string, more: Record<string, string> = {}) => ({
  headers: { 'x-forwarded-for': address, ...more },
})

/** The statuses of calls one after the other. */
async function inTurn(...calls: (() => Promise<Reply>)[]): Promise<number[]> {
  const statuses: number[] = []
  for (const call of calls) statuses.push((await call()).status)
  return statuses
}

const times = (count: number, call: () => Promise<Reply>) => Array<typeof call>(count).fill(call)

const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

describe('an address whose tokens are refused', () => {
  async function startWithRefusals() {
    const server = await startBehindProxy({ RATE_REFUSED: '3/60' })
    const [ada, bob] = await server.people('ada', 'bob')
    const guess = (address = '192.0.2.1', header: Record<string, string> = bearer('guess')) =>
      server.anonymous.get('/api/profile/', from(address, header))
    return { server, ada, bob, guess }
  }

  test('may try so often, without a token too, and is told when to come back', async () => {
    const { guess } = await startWithRefusals()

    const statuses = await inTurn(
      () => guess(),
      () => guess('192.0.2.1', {}),
      () => guess('192.0.2.1', bearer('two words')),
    )
    const over = await guess()

    expect(statuses).toEqual([401, 401, 401])
    expect(over.status).toBe(429)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(over.headers.get('x-error-code')).toBe('throttled')
    expect((await guess('192.0.2.2')).status).toBe(401)
  })

  test('learns nothing from further guesses, while whoever is logged in goes on, with a new token too', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { server, ada, bob, guess } = await startWithRefusals()
    const callAs = (person: Person) => person.get('/api/profile/', from('192.0.2.1'))

    expect((await callAs(ada)).status).toBe(200)
    expect(await inTurn(...times(4, guess))).toEqual([401, 401, 401, 429])

    // By then what was found of her token is looked up again.
    vi.setSystemTime(Date.now() + 10_000)
    expect((await callAs(bob)).status).toBe(200)
    expect((await callAs(ada)).status).toBe(200)
    expect((await guess()).status).toBe(429)
    const login = { identifier: bob.username, password: PASSWORD }
    expect((await server.anonymous.post('/api/login/', login, from('192.0.2.1'))).status).toBe(200)
  })
})

test('whoever shares an address with somebody that guesses is told that a token has expired, and renews it', async () => {
  const server = await startBehindProxy({ RATE_REFUSED: '3/60', RATE_REFRESH: '3/60' })
  const [ada, bob] = await server.people('ada', 'bob')
  const address = from('192.0.2.1')
  const callWith = (token: string) => server.anonymous.get('/api/profile/', from('192.0.2.1', bearer(token)))
  const renewWith = (refresh: string) => server.anonymous.post('/api/token/refresh/', { refresh }, address)
  const { user_id: userId, session_id: sessionId } = decodeJwt<{ user_id: number; session_id: number }>(ada.refresh)
  const expired = await signAccessToken(server.core.secretKey, { userId, sessionId, username: ada.username }, -1)
  await bob.post('/api/logout/', { refresh_token: bob.refresh })

  expect(await inTurn(...times(4, () => callWith('guess')))).toEqual([401, 401, 401, 429])
  expect(await inTurn(...times(4, () => renewWith('guess')))).toEqual([401, 401, 401, 429])
  expect((await server.anonymous.post('/api/token/refresh/', {}, address)).status).toBe(429)

  for (const token of [expired, bob.token ?? '']) expect((await callWith(token)).body.code).toBe('token_not_valid')
  expect((await renewWith(bob.refresh)).body).toMatchObject({ detail: 'Token is blacklisted' })
  expect((await renewWith(ada.refresh)).status).toBe(200)
  // Of one token they are bounded as well, and one that is no good is no hindrance to the others of its owner.
  expect(await inTurn(...times(4, () => renewWith(expired)))).toEqual([401, 401, 401, 429])
  expect(await inTurn(...times(3, () => callWith(expired)))).toEqual([401, 401, 429])
  expect(await inTurn(...times(3, () => renewWith(ada.refresh)))).toEqual([200, 200, 429])
  expect(await inTurn(...times(3, () => renewWith(bob.refresh)))).toEqual([401, 401, 429])
  const login = { identifier: bob.username, password: PASSWORD }
  const { tokens } = (await server.anonymous.post('/api/login/', login, address)).body
  expect((await renewWith(tokens.refresh)).status).toBe(200)
})

test('guesses over sockets count for their address, as calls do, while those whose token was good go on', async () => {
  const server = await startBehindProxy({ RATE_REFUSED: '3/60' })
  const ada = await server.person('ada')
  const open = (path: string, token: string | undefined) =>
    TestSocket.open(`${server.url.replace(/^http/, 'ws')}${path}?token=${token}`, from('192.0.2.1'))
  const closeOfHello = async (token: string | undefined) => {
    const socket = await open('/ws/', token)
    socket.send({ type: 'hello' })
    return socket.closed()
  }
  expect((await ada.get('/api/profile/', from('192.0.2.1'))).status).toBe(200)

  await expect(open('/ws/sidebar/', 'guess')).rejects.toThrow('refused: 403')
  await expect(open('/ws/sidebar/', 'guess')).rejects.toThrow('refused: 403')
  expect(await closeOfHello('guess')).toMatchObject({ code: 4502 })

  expect(await closeOfHello('guess')).toMatchObject({ code: 4003, reason: expect.stringMatching(/^unavailable:\d+$/) })
  await expect(open('/ws/sidebar/', 'guess')).rejects.toThrow('refused: 429')
  const socket = await open('/ws/', ada.token)
  socket.send({ type: 'hello' })
  expect(await socket.next('ready')).toMatchObject({ me: { id: ada.id } })
  socket.close()
})

describe('the people of one address', () => {
  test('have a multiple of the budget of one together, and none of them can use up that of the others', async () => {
    const server = await startBehindProxy({ RATE_READ: '3/60', RATE_ADDRESS_MULTIPLE: '2' })
    const [ada, bob, cyd] = await server.people('ada', 'bob', 'cyd')
    const read = (person: Person, address = '192.0.2.1') => person.get('/api/profile/', from(address))

    expect(await inTurn(...times(9, () => read(ada)))).toEqual([...Array(3).fill(200), ...Array(6).fill(429)])
    expect(await inTurn(...times(3, () => read(bob)))).toEqual([200, 200, 200])
    const over = await read(cyd)
    expect(over.status).toBe(429)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)

    expect((await read(cyd, '192.0.2.2')).status).toBe(200)
    // The nearest proxy says it last; what stands before it anyone can write.
    expect((await read(cyd, '192.0.2.77, 192.0.2.1')).status).toBe(429)
  })

  test('are as many as they like with a multiple of 0', async () => {
    const server = await startBehindProxy({ RATE_READ: '1/60', RATE_ADDRESS_MULTIPLE: '0' })
    const people = await server.people('ada', 'bob', 'cyd')

    expect(await inTurn(...people.map((person) => () => person.get('/api/profile/', from('192.0.2.1'))))).toEqual([
      200, 200, 200,
    ])
  })
})

test('one network of IPv6 has the budget of one address', async () => {
  const server = await startBehindProxy({ RATE_LOGIN: '2/60' })
  const login = (address: string) => () => server.anonymous.post('/api/login/', {}, from(address))

  const statuses = await inTurn(...['2001:db8::1', '2001:db8::2', '2001:db8:0:0:9::', '2001:db8:0:1::'].map(login))

  expect(statuses).toEqual([400, 400, 429, 400])
})
