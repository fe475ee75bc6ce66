import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { sql } from 'kysely'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { firstMessageFrom, selectImages } from './queries.ts'

const total = 60
let server: TestServer
let ada: Person
let bob: Person
let eve: Person
let room: number
let url: string
/** By their place in the room: the first is at 1. */
const ids: number[] = [0]
const times: string[] = ['']

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob, eve] = await server.people('ada', 'bob', 'eve')
  room = (await server.group(ada, [bob])).id
  url = `/api/chatrooms/${room}/messages/`
  for (let no = 1; no <= total; no++) {
    const { body } = await ada.post(url, { content: `message ${no}` })
    ids.push(body.id)
    times.push(new Date(Date.parse(body.timestamp) - (total - no) * 1_000).toISOString())
  }
  // As if each had been written a second after the one before; a fast machine writes two within a millisecond.
  await sql`
    UPDATE messages SET created_at = created_at - (${total} - no) * interval '1 second' WHERE room_id = ${room}`.execute(
    server.database.kysely,
  )
})

type Listed = { no: number }
type Page = { results: Listed[]; next: string | null; previous: string | null }
const numbersOf = (body: { results: Listed[] }) => body.results.map(({ no }) => no)
/** `from` to `to`, both included, in that order. */
const range = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + Math.sign(to - from) * index)

describe('a page around a message', () => {
  test.each([
    ['in the middle', 30, 10, [34, 25]],
    ['with as many on both sides where that can be', 30, 9, [34, 26]],
    ['near the beginning', 2, 10, [10, 1]],
    ['near the end', 59, 10, [60, 51]],
    ['of one', 30, 1, [30, 30]],
    ['of all', 30, 100, [60, 1]],
  ] as const)('%s', async (_name, no, limit, [from, to]) => {
    const { status, body } = await bob.get(`${url}?around=${ids[no]}&limit=${limit}`)
    expect(status).toBe(200)
    expect(numbersOf(body)).toEqual(range(from, to))
    expect([body.previous === null, body.next === null]).toEqual([from === total, to === 1])
  })

  test('has links that lead on both ways until the ends, in either order', async () => {
    for (const ordering of ['-timestamp', 'timestamp']) {
      const middle = (await bob.get(`${url}?around=${ids[30]}&limit=7&ordering=${ordering}`)).body
      const numbers = numbersOf(middle)
      for (let link: string | null = middle.next; link; ) {
        const { body }: { body: Page } = await bob.get(link)
        numbers.push(...numbersOf(body))
        link = body.next
      }
      for (let link: string | null = middle.previous; link; ) {
        const { body }: { body: Page } = await bob.get(link)
        numbers.unshift(...numbersOf(body))
        link = body.previous
      }
      expect(numbers).toEqual(ordering === 'timestamp' ? range(1, total) : range(total, 1))
    }
  })

  test('that is not in the room is 404, whether it is nowhere, elsewhere or deleted', async () => {
    const other = await server.group(ada, [bob])
    const elsewhere = await ada.post(`/api/chatrooms/${other.id}/messages/`, { content: 'elsewhere' })
    const deleted = await ada.post(`/api/chatrooms/${other.id}/messages/`, { content: 'deleted' })
    await ada.delete(`/api/chatrooms/${other.id}/messages/${deleted.body.id}/`)
    for (const [path, id] of [
      [url, 987_654_321],
      [url, elsewhere.body.id],
      [`/api/chatrooms/${other.id}/messages/`, deleted.body.id],
    ]) {
      expect(await bob.get(`${path}?around=${id}`)).toMatchObject({
        status: 404,
        body: { detail: 'No Message matches the given query.' },
      })
    }
  })
})

describe('a page from a time on', () => {
  test.each([
    ['the time of a message', (): string => times[20] ?? '', [29, 20]],
    ['a time between two', (): string => new Date(Date.parse(times[20] ?? '') - 1).toISOString(), [29, 20]],
    ['long ago', (): string => '1999-01-01T00:00', [10, 1]],
    ['near the end', (): string => times[58] ?? '', [60, 58]],
    ['after the last, which is the newest page', (): string => '2100-01-01T00:00:00Z', [60, 51]],
  ] as const)('%s', async (_name, time, [from, to]) => {
    const { status, body } = await bob.get(`${url}?at=${time()}&limit=10`)
    expect(status).toBe(200)
    expect(numbersOf(body)).toEqual(range(from, to))
    expect([body.previous === null, body.next === null]).toEqual([from === total, to === 1])
  })

  test('of a room without messages is empty', async () => {
    const empty = await server.group(ada, [bob])
    const { body } = await bob.get(`/api/chatrooms/${empty.id}/messages/?at=2026-01-01T00:00:00Z`)
    expect(body).toEqual({ next: null, previous: null, results: [] })
  })

  test.each([
    ['in the middle', 30, [39, 30]],
    ['near the end', 58, [60, 58]],
    ['beyond the end: the newest', 61, [60, 51]],
  ] as const)('begins with a number %s', async (_name, no, [from, to]) => {
    const { status, body } = await bob.get(`${url}?no=${no}&limit=10`)
    expect(status).toBe(200)
    expect(numbersOf(body)).toEqual(range(from, to))
    expect([body.previous === null, body.next === null]).toEqual([from === total, false])
  })

  test('begins after messages that were deleted', async () => {
    const { id } = await server.group(ada, [bob])
    const path = `/api/chatrooms/${id}/messages/`
    const [, gone, left] = [
      await ada.post(path, { content: '1' }),
      await ada.post(path, { content: '2' }),
      await ada.post(path, { content: '3' }),
    ]
    await ada.delete(`${path}${gone.body.id}/`)
    expect(numbersOf((await bob.get(`${path}?at=${gone.body.timestamp}`)).body)).toEqual([left.body.no])
    expect(numbersOf((await bob.get(`${path}?no=${gone.body.no}`)).body)).toEqual([left.body.no])
  })
})

test.each([
  ['0000-01-01T00:00:00Z', [1]],
  ['9999-12-31T23:59:59-23:59', [60]],
])('%s, which Postgres cannot hold, is a time at an end of the room', async (at, numbers) => {
  const { body } = await bob.get(`${url}?at=${at}&limit=1`)
  expect(numbersOf(body)).toEqual(numbers)
})

test.each([
  ['at=yesterday', { at: [expect.stringContaining('Datetime has wrong format.')] }],
  ['around=x', { around: ['A valid integer is required.'] }],
  ['around=1&at=2026-01-01T00:00:00Z', { at: ['Give only one of around, at and no.'] }],
  ['at=2026-01-01T00:00:00Z&no=1', { no: ['Give only one of around, at and no.'] }],
  ['no=x', { no: ['A valid integer is required.'] }],
  ['around=1&search=x', { search: ['A search has no place in time.'] }],
])('%s is refused', async (query, body) => {
  expect(await bob.get(`${url}?${query}`)).toMatchObject({ status: 400, body })
})

describe('the images of a room', () => {
  test('are its messages with an image, newest first, in pages both ways; without one that lost it', async () => {
    const { id } = await server.group(ada, [bob])
    const path = `/api/chatrooms/${id}/messages/`
    const bytes = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const send = async (content: string) =>
      (await ada.post(path, undefined, { form: { content, image: { bytes } } })).body
    const [one, two, three, four] = [await send('1'), await send(''), await send('3'), await send('4')]
    await ada.post(path, { content: 'only text' })
    await ada.delete(`${path}${two.id}/`)
    await ada.patch(`${path}${three.id}/`, { image: null })

    const first = (await bob.get(`/api/chatrooms/${id}/images/?limit=1`)).body
    expect(first).toMatchObject({ previous: null, results: [{ id: four.id, content: '4' }] })
    expect((await fetch(first.results[0].image)).status).toBe(200)
    const second = (await bob.get(first.next)).body
    expect(second).toMatchObject({ next: null, results: [{ id: one.id }] })
    expect((await bob.get(second.previous)).body.results).toMatchObject([{ id: four.id }])
  })

  test('are nobody’s who is not in it', async () => {
    expect((await eve.get(`/api/chatrooms/${room}/images/`)).status).toBe(404)
  })
})

test('in a room of many messages a time, a number and the images are found by an index, not by reading them all', async () => {
  const { kysely: db } = server.core.database
  const many = 987_654
  await sql`
    INSERT INTO messages (room_id, no, sender_id, content, image, created_at)
    SELECT ${many}, n, ${ada.id}, 'many', CASE WHEN n % 1000 = 0 THEN 'key' END, '2020-01-01'::timestamptz + n * interval '1 minute'
    FROM generate_series(1, 30000) n`.execute(db)
  await sql`
    INSERT INTO media (key, kind, owner_id, content_type, width, height, bytes, attached_at)
    SELECT lpad(to_hex(n), 40, '0'), 'message', ${ada.id}, 'image/png', 4, 4, 4, now() FROM generate_series(1, 30000) n`.execute(
    db,
  )
  await sql`ANALYZE messages, media`.execute(db)

  const tenth = 10 * 24 * 60
  for (const search of [
    firstMessageFrom(many, { time: '2020-01-11T00:00:00Z' }),
    firstMessageFrom(many, { no: tenth }),
  ]) {
    const [found] = (await search.execute(db)).rows
    const message = await db
      .selectFrom('messages')
      .select('no')
      .where('room_id', '=', many)
      .where('id', '=', found?.id ?? 0)
      .executeTakeFirst()
    expect(message?.no).toBe(tenth)
    const plan = JSON.stringify((await sql`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${search}`.execute(db)).rows)
    expect(plan).not.toContain('Seq Scan')
    expect(plan.match(/"Index Name":"(\w+)"/g)).toEqual(Array(3).fill('"Index Name":"messages_pkey"'))
    expect(Number(/"Shared Hit Blocks":(\d+)/.exec(plan)?.[1])).toBeLessThan(200)
  }

  const images = selectImages(db, many, { after: undefined, isAscending: false, limit: 36 })
  const imagePlan = JSON.stringify(await images.explain('json'))
  expect(imagePlan).toContain('messages_with_image')
  expect(imagePlan).toContain('media_pkey')
})
