import { type Person, startTestServer } from '@confab/testkit/server'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { connect } from './clients.ts'

const server = await startTestServer()
const total = 400
let ada: Person
let bob: Person
let room: number
/** By their place: the first is at 1. */
const ids: number[] = [0]
const times: string[] = ['']

beforeAll(async () => {
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
  for (let sent = 0; sent < total; sent += 50) {
    const batch = Array.from({ length: 50 }, () => ada.post(`/api/chatrooms/${room}/messages/`, { content: 'hello' }))
    for (const { body } of await Promise.all(batch)) {
      ids[body.no] = body.id
      times[body.no] = body.timestamp
    }
  }
})

async function look(viaFetch: typeof fetch = fetch) {
  const client = await connect(bob, { fetch: viaFetch })
  const numbers = () => client.state.windows[room]?.messages.map(({ no }) => no) ?? []
  /** The stretch has no holes. */
  const stretch = () => {
    const first = numbers()[0] ?? 0
    expect(numbers()).toEqual(numbers().map((_, index) => first + index))
    return [first, numbers().at(-1)]
  }
  return { client, stretch }
}

describe('a message from long ago', () => {
  test('is shown with those around it in one call, and the window grows both ways from there', async () => {
    let calls = 0
    const { client, stretch } = await look((...request) => {
      calls++
      return fetch(...request)
    })
    calls = 0

    expect(await client.messages.showMessage(room, ids[60] ?? 0)).toBe(true)
    expect(calls).toBe(1)
    expect(stretch()).toEqual([35, 84])

    while (await client.messages.loadOlder(room)) stretch()
    expect(stretch()[0]).toBe(1)
    while (await client.messages.loadNewer(room)) stretch()
    expect(stretch()[1]).toBe(total)
    expect(client.state.windows[room]?.newer).toBeNull()
  })

  test('that is here already moves nothing, and one that is nowhere is not found', async () => {
    const { client, stretch } = await look()
    await client.messages.showNewest(room)
    await client.messages.loadNewest(room)
    const before = stretch()

    expect(await client.messages.showMessage(room, ids[total - 5] ?? 0)).toBe(true)
    expect(await client.messages.showMessage(room, 987_654_321)).toBe(false)
    expect(stretch()).toEqual(before)
  })
})

test('a date is where the window begins; after the last message it is the present, which goes on living', async () => {
  const { client, stretch } = await look()

  expect(await client.messages.showDate(room, new Date(times[100] ?? ''))).toBe(ids[100])
  expect(stretch()).toEqual([100, 149])
  await client.messages.loadOlder(room)
  expect(stretch()[0]).toBe(1)

  expect(await client.messages.showDate(room, new Date('2100-01-01'))).toBeUndefined()
  expect(stretch()[1]).toBe(total)
  expect(client.state.windows[room]?.newer).toBeNull()
})

test('a number is where the window begins, in one call, however far back; after the last message it is the present', async () => {
  const { client, stretch } = await look()

  expect(await client.messages.showNumber(room, 100)).toBe(ids[100])
  expect(stretch()).toEqual([100, 149])
  await client.messages.loadOlder(room)
  expect(stretch()[0]).toBe(1)

  expect(await client.messages.showNumber(room, total + 1)).toBeUndefined()
  expect(stretch()[1]).toBe(total)
})

test('the images of a room come page by page, the newest first', async () => {
  const [eve] = await server.people('eve')
  const { id } = await server.group(eve, [bob])
  const bytes = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const sent: number[] = []
  for (const content of ['one', '', 'text', 'two']) {
    const form = content === 'text' ? { content } : { content, image: { bytes } }
    const { body } = await eve.post(`/api/chatrooms/${id}/messages/`, undefined, { form })
    if (content !== 'text') sent.unshift(body.id)
  }
  const client = await connect(eve)

  const found: number[] = []
  for await (const page of client.rooms.images(id)) found.push(...page.map((message) => message.id))

  expect(found).toEqual(sent)
})

test('how far the rooms beyond the first are read is known once the list is fetched', async () => {
  const [eve] = await server.people('eve')
  for (let count = 0; count < 55; count++) await server.group(eve, [bob])
  const client = await connect(eve)
  expect(client.state.rooms.order).toHaveLength(50)

  await client.rooms.loadMore()

  const entries = Object.values(client.state.rooms.byId)
  expect(entries).toHaveLength(55)
  expect(entries.map(({ read_no, last_no }) => [read_no, last_no])).toEqual(entries.map(() => [0, 0]))
})
