import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
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
