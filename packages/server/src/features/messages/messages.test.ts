import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let ada: Person
let bob: Person
let eve: Person
let room: number
let url: string

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob, eve] = await server.people('ada', 'bob', 'eve')
  room = (await server.group(ada, [bob])).id
  url = `/api/chatrooms/${room}/messages/`
})

describe('sending', () => {
  test('a message comes back whole, and reaches every socket of the room, the sender’s own too', async () => {
    const adas = await ada.connect(`/ws/chat/${room}/`)
    const bobs = await bob.connect(`/ws/chat/${room}`)

    const sent = await ada.post(url, { content: '  hello  ' })

    expect(sent).toMatchObject({ status: 201, body: { content: 'hello', image: null, room, sender: { id: ada.id } } })
    expect(await adas.next('new_message')).toEqual({ type: 'new_message', message: sent.body })
    expect(await bobs.next('new_message')).toEqual({ type: 'new_message', message: sent.body })
    expect(await bob.get(`${url}${sent.body.id}/`)).toMatchObject({ status: 200, body: sent.body })
  })

  test('the same client_id is stored once, also from many sides at once, and told once', async () => {
    const bobs = await bob.connect(`/ws/chat/${room}/`)
    const message = { content: 'only once', client_id: 'one' }

    const replies = await Promise.all(Array.from({ length: 12 }, () => ada.post(url, message)))
    const marker = await ada.post(url, { content: 'after' })

    expect(replies.map((reply) => reply.status).sort()).toEqual([...Array(11).fill(200), 201])
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
    expect(await bobs.next()).toMatchObject({ message: { id: replies[0]?.body.id } })
    expect(await bobs.next()).toMatchObject({ message: { id: marker.body.id } })
  })

  test('the same client_id for another text is a conflict, also after an edit of the first', async () => {
    const first = await ada.post(url, { content: 'first', client_id: 'two' })
    await ada.patch(`${url}${first.body.id}/`, { content: 'edited' })

    expect(await ada.post(url, { content: 'other', client_id: 'two' })).toMatchObject({
      status: 409,
      body: { detail: 'This client_id was used for another message.' },
    })
    expect(await ada.post(url, { content: 'first', client_id: 'two' })).toMatchObject({
      status: 200,
      body: { id: first.body.id, content: 'edited' },
    })
    expect((await bob.post(url, { content: 'mine', client_id: 'two' })).status).toBe(201)
  })

  test('the Idempotency-Key header does what client_id does', async () => {
    const headers = { 'idempotency-key': 'header-1' }
    const first = await ada.post(url, { content: 'by header' }, { headers })
    const again = await ada.post(url, { content: 'by header' }, { headers })

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body.id).toBe(first.body.id)
  })

  test.each([
    ['nothing', {}, { non_field_errors: ['A message needs text or an image.'] }],
    ['blank text', { content: '   ' }, { non_field_errors: ['A message needs text or an image.'] }],
    ['null', { content: null }, { non_field_errors: ['A message needs text or an image.'] }],
    ['a list', { content: ['a'] }, { content: ['Not a valid string.'] }],
    ['NUL', { content: 'a\0b' }, { content: ['Null characters are not allowed.'] }],
    [
      'too much',
      { content: 'x'.repeat(10_001) },
      { content: ['Ensure this field has no more than 10000 characters.'] },
    ],
  ])('%s is refused and stores nothing', async (_name, body, errors) => {
    const before = await ada.get(`${url}?limit=1`)

    expect(await ada.post(url, body)).toMatchObject({ status: 400, body: errors })
    expect((await ada.get(`${url}?limit=1`)).body.results).toEqual(before.body.results)
  })

  test('an image alone is a message, private to the room, and opens without a header', async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const sent = await ada.post(url, undefined, { form: { image: { bytes: pixel } } })

    expect(sent).toMatchObject({ status: 201, body: { content: '' } })
    const opened = await fetch(sent.body.image)
    expect([opened.status, opened.headers.get('content-type')?.split('/')[0]]).toEqual([200, 'image'])
    expect((await fetch(sent.body.image.split('?')[0])).status).toBe(403)
    expect(await ada.post(url, undefined, { form: { image: { bytes: Buffer.from('no image') } } })).toMatchObject({
      status: 400,
      body: { image: [expect.stringContaining('Upload a valid image.')] },
    })
  })

  test('one sender’s failure in a batch is nobody else’s, and numbers stay gapless', async () => {
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? eve : ada).post(url, { content: `batch ${index}` })),
    )

    expect(replies.filter((reply) => reply.status === 404)).toHaveLength(20)
    const rows = await server.database.kysely
      .selectFrom('messages')
      .select(['no', 'created_at'])
      .where('room_id', '=', room)
      .orderBy('id')
      .execute()
    expect(rows.map((row) => row.no)).toEqual(rows.map((_, index) => index + 1))
    expect(new Set(rows.map((row) => row.created_at)).size).toBe(rows.length)
  })
})

describe('listing', () => {
  const contents = (reply: { body: { results: { content: string }[] } }) =>
    reply.body.results.map((message) => message.content)

  test('finds every word in any part of text or sender, newest first, page by page', async () => {
    const group = await server.group(ada, [bob])
    const list = `/api/chatrooms/${group.id}/messages/`
    for (let index = 0; index < 5; index++) await ada.post(list, { content: `Teapot number ${index}` })
    await bob.post(list, { content: 'teapots are mine' })
    await bob.post(list, { content: 'nothing of it' })
    // A search waits for the index only for a moment, which on a busy machine may be too short.
    await server.core.services.search.settled(20_000)

    const first = await bob.get(`${list}?search=TEAPOT&limit=4`)
    const rest = await bob.get(first.body.next)

    expect(contents(first)).toEqual(['teapots are mine', 'Teapot number 4', 'Teapot number 3', 'Teapot number 2'])
    expect(contents(rest)).toEqual(['Teapot number 1', 'Teapot number 0'])
    expect(contents(await bob.get(rest.body.previous))).toEqual(contents(first))
    expect(contents(await bob.get(`${list}?search=pot ${bob.username}`))).toEqual(['teapots are mine'])
    expect(contents(await bob.get(`${list}?search=number pot&ordering=timestamp&limit=2`))).toEqual([
      'Teapot number 0',
      'Teapot number 1',
    ])
  })

  test('pages neither repeat nor skip a message while others are sent and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 0, max: 12 }),
          limit: fc.integer({ min: 1, max: 5 }),
          oldestFirst: fc.boolean(),
          deletions: fc.array(fc.nat({ max: 11 }), { maxLength: 4 }),
        }),
        async ({ count, limit, oldestFirst, deletions }) => {
          const group = await server.group(ada, [bob])
          const list = `/api/chatrooms/${group.id}/messages/`
          const ids: number[] = []
          for (let index = 0; index < count; index++) ids.push((await ada.post(list, { content: `${index}` })).body.id)
          const gone = new Set<number>()
          const seen: number[] = []
          let next: string | null = `${list}?limit=${limit}${oldestFirst ? '&ordering=timestamp' : ''}`
          while (next) {
            const page = await bob.get(next)
            seen.push(...page.body.results.map((message: { id: number }) => message.id))
            next = page.body.next
            const doomed = ids[deletions.pop() ?? -1]
            if (doomed !== undefined && !gone.has(doomed)) {
              gone.add(doomed)
              await ada.delete(`${list}${doomed}/`)
            }
            if (!oldestFirst) await bob.post(list, { content: 'newer' })
          }
          expect(new Set(seen).size).toBe(seen.length)
          expect(seen.filter((id) => ids.includes(id) && !gone.has(id)).sort((a, b) => a - b)).toEqual(
            ids.filter((id) => !gone.has(id)),
          )
        },
      ),
      { numRuns: 12 },
    )
  })

  test('a cursor of another room is ignored, and one that is none is refused', async () => {
    const other = await server.group(ada, [bob])
    for (let index = 0; index < 3; index++)
      await ada.post(`/api/chatrooms/${other.id}/messages/`, { content: `${index}` })
    const page = await ada.get(`/api/chatrooms/${other.id}/messages/?limit=1`)
    const cursor = new URL(page.body.next).searchParams.get('cursor')

    expect((await ada.get(`${url}?cursor=${cursor}`)).body.results).toEqual((await ada.get(url)).body.results)
    expect(await ada.get(`${url}?cursor=abc`)).toMatchObject({ status: 404, body: { detail: 'Invalid cursor' } })
    const forged = Buffer.from(JSON.stringify([`messages:${room}:newest`, 0, 'x'])).toString('base64url')
    expect(await ada.get(`${url}?cursor=${forged}`)).toMatchObject({ status: 404 })
  })
})

describe('changing', () => {
  test('an edit shows to all, marks the message, and the same text again changes nothing', async () => {
    const sent = await ada.post(url, { content: 'frist' })
    const bobs = await bob.connect(`/ws/chat/${room}/`)

    const edited = await ada.patch(`${url}${sent.body.id}/`, { content: 'first' })
    const again = await ada.put(`${url}${sent.body.id}/`, { ...edited.body, sender: { id: bob.id }, room: 1 })
    await ada.post(url, { content: 'marker' })

    expect(edited).toMatchObject({ status: 200, body: { content: 'first', edited_at: expect.any(String) } })
    expect(again.body).toEqual(edited.body)
    expect(await bobs.next()).toMatchObject({ type: 'message_updated', message: { content: 'first' } })
    expect(await bobs.next()).toMatchObject({ type: 'new_message', message: { content: 'marker' } })
  })

  test('is the sender’s alone, deleting an admin’s too, and may not empty a message', async () => {
    const adas = (await ada.post(url, { content: 'by ada' })).body.id
    const bobs = (await bob.post(url, { content: 'by bob' })).body.id

    expect((await bob.patch(`${url}${adas}/`, { content: 'mine' })).status).toBe(403)
    expect((await ada.patch(`${url}${bobs}/`, { content: 'mine' })).status).toBe(403)
    expect((await eve.patch(`${url}${adas}/`, { content: 'mine' })).status).toBe(404)
    expect((await bob.delete(`${url}${adas}/`)).status).toBe(403)
    expect((await eve.delete(`${url}${adas}/`)).status).toBe(404)
    for (const content of ['', null]) {
      expect(await ada.patch(`${url}${adas}/`, { content })).toMatchObject({
        status: 400,
        body: { non_field_errors: ['A message needs text or an image.'] },
      })
    }
    expect((await ada.delete(`${url}${bobs}/`)).status).toBe(204)
    expect((await ada.delete(`${url}${bobs}/`)).status).toBe(404)
  })

  test('a deleted message is nowhere any more, and the room’s last message is the one before', async () => {
    const before = (await ada.post(url, { content: 'before' })).body.id
    const last = (await ada.post(url, { content: 'the secret word' })).body.id

    await ada.delete(`${url}${last}/`)

    const chats = await ada.get('/api/chatrooms/')
    expect(chats.body.results.find((chat: { id: number }) => chat.id === room).last_message.id).toBe(before)
    expect((await bob.get(`${url}${last}/`)).status).toBe(404)
    expect((await bob.get(url)).body.results[0].id).toBe(before)
    expect((await bob.get(`${url}?search=secret`)).body.results).toEqual([])
    const row = await server.database.kysely.selectFrom('messages').select('content').where('id', '=', last).execute()
    expect(row).toEqual([{ content: '' }])
  })

  test('after a block neither may send to the direct room, nor put new words into old messages', async () => {
    const [cyd, dan] = await server.people('cyd', 'dan')
    const { roomId } = await server.befriend(cyd, dan)
    const direct = `/api/chatrooms/${roomId}/messages/`
    const sent = (await cyd.post(direct, { content: 'hello' })).body.id
    await dan.post(`/api/users/${cyd.id}/block/`)

    const refusal = { status: 403, body: { detail: 'You cannot message this person.' } }
    expect(await cyd.post(direct, { content: 'still there?' })).toMatchObject(refusal)
    expect(await dan.post(direct, { content: 'no' })).toMatchObject(refusal)
    expect(await cyd.patch(`${direct}${sent}/`, { content: 'insult' })).toMatchObject(refusal)
    expect((await cyd.delete(`${direct}${sent}/`)).status).toBe(204)
  })
})
