import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, until } from './clients.ts'
import { Network } from './proxy.ts'
import { Requests } from './requests.ts'

let server: TestServer
let ada: Person
let bob: Person

beforeAll(async () => {
  server = await startTestServer()
})

beforeEach(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a room that cannot be fetched', () => {
  test('does not hold up another one', async () => {
    const [{ id: slow }, { id: other }] = [await server.group(ada, [bob]), await server.group(ada, [bob])]
    const requests = new Requests()
    const client = await connect(bob, { fetch: requests.fetch })
    requests.isHeld = (url) => url.includes(`/${slow}/messages/`)
    client.messages.open(slow)
    await vi.waitFor(() => expect(requests.made.some(requests.isHeld)).toBe(true), 10_000)

    client.messages.open(other)
    await until(client, ({ windows }) => windows[other] !== undefined, 3_000)
    requests.release()
    await until(client, ({ windows }) => windows[slow] !== undefined)
  })

  test('lets another one be fetched at once', async () => {
    const [carol] = await server.people('carol')
    const [{ id: foreign }, { id: other }] = [await server.group(ada, [carol]), await server.group(ada, [bob])]
    const requests = new Requests()
    const client = await connect(bob, { fetch: requests.fetch })
    vi.spyOn(Math, 'random').mockReturnValue(0.99)
    client.messages.open(foreign)
    const tries = () => requests.made.filter((url) => url.includes(`/${foreign}/messages/`)).length
    await expect.poll(tries).toBe(3)

    client.messages.open(other)
    await until(client, ({ windows }) => windows[other] !== undefined, 1_500)
  })

  test('is fetched at once when it is opened again', async () => {
    const { id: room } = await server.group(ada, [bob])
    const requests = new Requests()
    const client = await connect(bob, { fetch: requests.fetch })
    requests.isLost = (url) => url.includes(`/${room}/messages/`)
    vi.spyOn(Math, 'random').mockReturnValue(0.99)
    const close = client.messages.open(room)
    await expect.poll(() => requests.made.filter(requests.isLost).length).toBe(3)
    close()
    await Promise.resolve()
    requests.isLost = () => false

    client.messages.open(room)
    await until(client, ({ windows }) => windows[room] !== undefined, 1_500)
  })
})

test('a name that somebody took while one was away is there once one looks at people again', async () => {
  await server.befriend(ada, bob)
  const network = await Network.to(server.url)
  const client = await connect(bob, { url: network.url, environment: network.environment })
  client.people.keep()
  await until(client, ({ people }) => people.friends.length === 1)
  network.cut()
  await until(client, ({ status }) => status !== 'live')
  await ada.patch('/api/profile/', { first_name: 'Augusta' })
  network.join()
  await until(client, ({ status }) => status === 'live')

  client.people.keep()
  await expect.poll(() => client.state.people.friends[0]?.full_name).toBe('Augusta')
})

test('people and notifications that are kept are fetched again where that failed', async () => {
  const requests = new Requests()
  const client = await connect(bob, { fetch: requests.fetch })
  requests.isLost = (url) => /friends|notifications/.test(url)
  client.people.keep()
  client.notifications.keep()
  const failed = (name: string) => requests.made.some((url) => url.includes(`/${name}/`))
  await vi.waitFor(() => expect(['friends', 'notifications'].map(failed)).toEqual([true, true]), 10_000)

  requests.isLost = () => false

  await until(client, ({ people, notifications }) => people.isLoaded && notifications.isLoaded)
})
