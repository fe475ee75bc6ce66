import type { Reply } from '@confab/testkit/api'
import { describe, expect, test, vi } from 'vitest'
import { startCast } from './cast.ts'
import { expectRecorded, replay } from './recorded.ts'

const cast = await startCast()
const { server, alice, bob } = cast
const room = (await server.group(alice, [bob, cast.carol], 'Tea party')).id
const url = `/api/chatrooms/${room}/messages/`
await alice.post(url, { content: 'dave is gone, right?' })
for (let line = 1; line <= 80; line++) await (line % 2 ? alice : bob).post(url, { content: `line ${line}` })

const contents = (reply: Reply): string[] => reply.body.results.map((message: { content: string }) => message.content)
const lines = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => `line ${from - index}`)

describe('a room with more than 80 messages', () => {
  test('is read page by page, and back', async () => {
    const first = await alice.get(url)
    expect(contents(first)).toEqual(lines(80, 46))
    expectRecorded(first, 200, { next: expect.any(String), previous: null })
    expect(first.body.results[0]).toMatchObject({ room, sender: { id: 2 }, image: null, read_statuses: [] })

    const second = await alice.get(first.body.next)
    expect(contents(second)).toEqual(lines(45, 11))
    expectRecorded(second, 200, { next: expect.any(String), previous: expect.any(String) })

    const third = await alice.get(second.body.next)
    expect(contents(third)).toEqual([...lines(10, 1), 'dave is gone, right?'])
    expectRecorded(third, 200, { next: null, previous: expect.any(String) })

    expect(contents(await alice.get(third.body.previous))).toEqual(contents(second))
  })

  test('?limit= is kept in the links, and honoured', async () => {
    const reply = await alice.get(`${url}?limit=5`)
    expect(contents(reply)).toEqual(lines(80, 76))
    expect(reply.body.next).toMatch(/[?&]limit=5(&|$)/)
    expect(contents(await alice.get(reply.body.next))).toEqual(lines(75, 71))
  })

  test('?ordering=timestamp begins with the oldest', async () => {
    const reply = await alice.get(`${url}?ordering=timestamp`)
    expect(contents(reply).slice(0, 2)).toEqual(['dave is gone, right?', 'line 1'])
    expect(reply.body.next).toContain('ordering=timestamp')
    expect(contents(await alice.get(reply.body.next))[0]).toBe('line 35')
  })

  test.each(['?ordering=-id', '?ordering=content', '?search='])('%s is the usual order', async (query) => {
    const reply = await alice.get(`${url}${query}`)
    expect(contents(reply)).toEqual(lines(80, 46))
  })

  test('?search= with a word finds the messages that have it (500 in the original)', async () => {
    // The index takes in what was just sent while the test goes on.
    const finds = async () => expect(contents(await alice.get(`${url}?search=line`))).toHaveLength(35)
    await vi.waitFor(finds, { timeout: 20_000, interval: 100 })
    expect(contents(await alice.get(`${url}?search=gone`))).toEqual(['dave is gone, right?'])
    expect(contents(await alice.get(`${url}?search=nowhere`))).toEqual([])
  })

  test('the cursor of another room is passed over, and the first page is given', async () => {
    const elsewhere = (await server.group(alice, [bob], 'Elsewhere')).id
    await alice.post(`/api/chatrooms/${elsewhere}/messages/`, { content: 'only this' })
    const { next } = (await alice.get(url)).body
    const cursor = new URL(next).searchParams.get('cursor')
    expect(contents(await alice.get(`/api/chatrooms/${elsewhere}/messages/?cursor=${cursor}`))).toEqual(['only this'])
  })

  const INVALID = { detail: 'Invalid cursor' }
  replay(cast, [
    ['?cursor= garbage', 'alice', `GET ${url}?cursor=abc`, undefined, 404, INVALID],
    [
      'a well-formed cursor with a nonsense position (500 in the original)',
      'alice',
      `GET ${url}?cursor=cD1ub25zZW5zZQ==`,
      undefined,
      404,
      INVALID,
    ],
    [
      'a room that does not exist',
      'alice',
      'GET /api/chatrooms/99999/messages/',
      undefined,
      404,
      { detail: 'No ChatRoom matches the given query.' },
    ],
    [
      'room id not a number (500 in the original)',
      'alice',
      'GET /api/chatrooms/abc/messages/',
      undefined,
      404,
      { detail: 'Not found.' },
    ],
    [
      'without token',
      'anonymous',
      `GET ${url}`,
      undefined,
      401,
      { detail: 'Authentication credentials were not provided.' },
    ],
  ])
})
