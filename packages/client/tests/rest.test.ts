import { createApi } from '@confab/client/api'
import { ConfabError } from '@confab/client/errors'
import { HttpClient } from '@confab/client/http'
import { pages } from '@confab/client/paging'
import { LocalStorageTokens, MemoryTokens } from '@confab/client/tokens'
import { PASSWORD, type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

let server: TestServer
let ada: Person
let bob: Person

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = await server.people('ada', 'bob')
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A client of somebody's, that notes every request it makes. */
function clientOf(person: Person, tokens = { access: person.token ?? '', refresh: person.refresh }) {
  const requests: string[] = []
  const http = new HttpClient({
    url: `${server.url}/`,
    tokens: new MemoryTokens(tokens),
    fetch: (url, init) => {
      requests.push(`${init.method} ${new URL(url).pathname}`)
      return fetch(url, init)
    },
  })
  return { http, api: createApi(http), requests }
}

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => undefined).catch((error) => error)

describe('calls', () => {
  test('are functions by feature and name, with parameters, query and body in their places', async () => {
    const { api } = clientOf(ada)
    const { id } = await api.rooms.createRoom({ body: { room_name: 'Tea party', participant_ids: [bob.id] } })

    const sent = await api.messages.sendMessage({ params: { room: id }, body: { content: 'hello', client_id: 'once' } })
    const page = await api.messages.listMessages({ params: { room: id }, query: { limit: '1' } })

    expect(page.results).toEqual([sent])
    expect(await api.messages.deleteMessage({ params: { room: id, id: sent.id } })).toEqual({})
    expect(await api.accounts.getProfile()).toMatchObject({ username: ada.username })
  })

  test('log in without a token, and go on with the one they get', async () => {
    const http = new HttpClient({ url: server.url })
    const { tokens } = await http.call('login', { body: { identifier: ada.username, password: PASSWORD } })
    await http.setTokens(tokens)

    expect(await http.call('getProfile')).toMatchObject({ id: ada.id })
  })

  test('go on with a login that the browser cannot keep', async () => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
    vi.stubGlobal('addEventListener', () => {})
    const http = new HttpClient({ url: server.url, tokens: new LocalStorageTokens() })

    const { tokens } = await http.call('login', { body: { identifier: ada.username, password: PASSWORD } })
    await http.setTokens(tokens)

    expect(await http.call('getProfile')).toMatchObject({ id: ada.id })
    await http.setTokens(undefined)
    expect(await http.tokens()).toBeUndefined()
  })

  test('send files as a form, and tell when they are sent', async () => {
    const { api } = clientOf(ada)
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const told: number[] = []

    const profile = await api.accounts.updateProfile({
      body: { bio: 'with a picture', profile_pic: new File([png], 'me.png', { type: 'image/png' }) },
      onProgress: (fraction) => told.push(fraction),
    })

    expect(profile).toMatchObject({ bio: 'with a picture', profile_pic: expect.stringContaining('/media/') })
    expect(told.at(-1)).toBe(1)
  })

  test('of lists give every page until the end, envelopes and plain lists alike', async () => {
    const { api, http } = clientOf(ada)
    const { id } = await api.rooms.createRoom({ body: { room_name: 'Long', participant_ids: [bob.id] } })
    for (let index = 0; index < 5; index++) {
      await api.messages.sendMessage({ params: { room: id }, body: { content: `${index}` } })
    }
    const contents: string[][] = []
    for await (const page of pages(http, 'listMessages', { params: { room: id }, query: { limit: '2' } })) {
      contents.push(page.map((message) => message.content))
    }
    const names: number[] = []
    for await (const page of pages(http, 'listParticipants', { params: { id }, query: { limit: '1' } })) {
      names.push(...page.map((member) => member.id))
    }

    expect(contents).toEqual([['4', '3'], ['2', '1'], ['0']])
    expect(names.sort()).toEqual([ada.id, bob.id].sort())
  })
})

describe('failures', () => {
  test('carry code, status and what is wrong with which field', async () => {
    const { api } = clientOf(ada)

    const failure = await failureOf(api.rooms.createRoom({ body: { room_name: 'x', participant_ids: [88_888] } }))

    expect(failure).toBeInstanceOf(ConfabError)
    expect(failure).toMatchObject({
      status: 400,
      isRetryable: false,
      fields: { participant_ids: { 0: ['No such user: 88888.'] } },
      message: 'No such user: 88888.',
    })
    expect(await failureOf(api.rooms.getRoom({ params: { id: 99_999 } }))).toMatchObject({
      code: 'room_not_found',
      status: 404,
      fields: {},
    })
  })

  test('say when to come back where a limit was met', async () => {
    const strict = await startTestServer({ RATE_LIMIT_FACTOR: '1' })
    const http = new HttpClient({ url: strict.url })
    const tries = Array.from({ length: 40 }, () =>
      failureOf(http.call('login', { body: { identifier: 'nobody', password: 'wrong' } })),
    )

    const throttled = (await Promise.all(tries)).filter((one) => one instanceof ConfabError && one.status === 429)

    expect(throttled.length).toBeGreaterThan(0)
    expect(throttled[0]).toMatchObject({ code: 'throttled', isRetryable: true, retryAfterMs: expect.any(Number) })
  })

  test('of the network can be told from those of the server', async () => {
    const http = new HttpClient({ url: 'http://127.0.0.1:1', tokens: new MemoryTokens() })

    expect(await failureOf(http.call('getProfile'))).toMatchObject({ code: 'network', status: 0, isRetryable: true })
  })

  test('of calls that were aborted are what the signal says', async () => {
    const { api } = clientOf(ada)
    const abort = new AbortController()
    const call = api.accounts.getProfile({ signal: abort.signal })
    abort.abort()

    expect(await failureOf(call)).toMatchObject({ name: 'AbortError' })
  })
})

describe('an access token that is not good any more', () => {
  const stale = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxLCJleHAiOjF9.stale'

  test('is renewed once for many calls at the same time, and all of them succeed', async () => {
    const { api, requests } = clientOf(ada, { access: stale, refresh: ada.refresh })

    const profiles = await Promise.all(Array.from({ length: 30 }, () => api.accounts.getProfile()))

    expect(profiles.map((profile) => profile.id)).toEqual(Array(30).fill(ada.id))
    expect(requests.filter((request) => request.endsWith('/token/refresh/'))).toHaveLength(1)
    expect(requests).toHaveLength(61)
  })

  test.each([
    { what: 'a logout', refresh: () => ada.refresh },
    { what: 'a logout, where it is refused', refresh: () => 'garbage' },
  ])('and is being renewed does not undo $what and what came after it', async ({ refresh }) => {
    let renew = () => {}
    const renewing = new Promise<void>((resolve) => {
      renew = resolve
    })
    const http = new HttpClient({
      url: server.url,
      tokens: new MemoryTokens({ access: stale, refresh: refresh() }),
      fetch: async (url, init) => {
        if (url.endsWith('/token/refresh/')) await renewing
        return fetch(url, init)
      },
    })
    const next = { access: bob.token ?? '', refresh: bob.refresh }

    const failure = failureOf(http.refresh())
    await http.setTokens(undefined)
    await http.setTokens(next)
    renew()

    expect(await failure).toMatchObject({ status: 401 })
    expect(await http.tokens()).toEqual(next)
  })

  test('and cannot be renewed ends the login, once', async () => {
    const { http, api } = clientOf(ada, { access: stale, refresh: 'garbage' })
    const told: unknown[] = []
    http.onTokens((tokens) => told.push(tokens))

    const failures = await Promise.all(Array.from({ length: 8 }, () => failureOf(api.accounts.getProfile())))

    expect(failures.map((one) => one instanceof ConfabError && one.status)).toEqual(Array(8).fill(401))
    expect(told).toEqual([undefined])
    expect(await http.tokens()).toBeUndefined()
  })
})
