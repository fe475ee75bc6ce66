import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { imageFile, newImageKey } from './files.ts'
import { startTestMedia } from './testing.ts'

const HOUR = 60 * 60 * 1000

const server = await startTestMedia()
const { media, storage, clock, origin, transaction, attach } = server

beforeEach(() => {
  clock.now = Date.now()
})
afterAll(() => server.stop())

/** A request whose path is sent as it is written, dots and all. */
function rawGet(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = httpRequest({ hostname, port, path }, (answer) => {
      let body = ''
      answer.on('data', (part) => {
        body += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject).end()
  })
}

describe('the address of an image', () => {
  test('of a message opens without a header, and for a day at most', async () => {
    const { key } = await attach()
    const url = media.imageUrl('message', key, origin)
    expect((await fetch(url)).headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/)

    clock.now += 24 * HOUR
    expect((await fetch(url)).status).toBe(403)
    expect((await fetch(media.imageUrl('message', key, origin))).status).toBe(200)
  })

  test('of a message may be kept by the browser as long as it opens, and not longer', async () => {
    const { key } = await attach()
    const url = media.imageUrl('message', key, origin)
    const expiresAt = Number(new URL(url).searchParams.get('exp'))

    const caching = (await fetch(url)).headers.get('cache-control')

    expect(caching).toBe(`private, max-age=${expiresAt - Math.ceil(clock.now / 1000)}, immutable`)
  })

  test.each([
    '',
    '?exp=9999999999',
    '?sig=x',
    '?exp=9999999999&sig=x',
    '?exp=1&exp=2&sig=a&sig=b',
    '?exp[a]=1&sig=%00',
  ])('of a message with the query %j is refused, whether there is such an image or not', async (query) => {
    for (const key of [(await attach()).key, newImageKey(), 'nothing']) {
      const answer = await fetch(`${origin}/media/message/${key}${query}`)
      expect(answer.status).toBe(403)
      expect(await answer.json()).toEqual({ detail: 'This link is not valid or has expired.' })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('of one message image opens no other', async () => {
    const [first, second] = [await attach(), await attach()]
    const url = media.imageUrl('message', first.key, origin).replace(first.key, second.key)
    expect((await fetch(url)).status).toBe(403)
  })

  test.each(['profile', 'group'] as const)('of a %s picture is permanent and may be kept by everyone', async (kind) => {
    const { key } = await attach(kind)
    const url = media.imageUrl(kind, key, origin)
    expect(url).toBe(`${origin}/media/${kind}/${key}`)

    clock.now += 1000 * 24 * HOUR
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('of one kind opens no image of another kind: no way around the signature', async () => {
    const message = await attach('message')
    const profile = await attach('profile')
    for (const path of [`profile/${message.key}`, `group/${message.key}`, `group/${profile.key}`]) {
      expect((await fetch(`${origin}/media/${path}`)).status).toBe(404)
    }
    const signed = media.imageUrl('message', profile.key, origin)
    expect((await fetch(signed)).status).toBe(404)
  })

  test('that nobody was given answers 404 in the usual shape', async () => {
    const answer = await fetch(`${origin}/media/profile/${newImageKey()}`)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ detail: 'Not found.' })
  })

  test('is relative to the site unless a base is given', async () => {
    const { key } = await attach('profile')
    expect(media.imageUrl('profile', key)).toBe(`/media/profile/${key}`)
    expect(media.thumbnailUrl('profile', key)).toBe(`/media/profile/${key}?size=thumb`)
  })

  test('leads out of the folder of images under no spelling', async () => {
    const { key } = await attach('profile')
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '%2f',
      '%2F',
      '..%2f',
      '%2e%2e',
      '%5c',
      '\\',
      '%00',
      '%',
      '%c0%ae',
      'etc/passwd',
      key,
      `${key}.png`,
      '?',
      ';',
    )
    const path = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('profile', 'group', 'message'), path, async (kind, rest) => {
        fc.pre(rest.split('?')[0] !== key)
        const { status, body } = await rawGet(`/media/${kind}/${rest}`)
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
        expect(JSON.parse(body)).toBeTypeOf('object')
      }),
      { numRuns: 300 },
    )
  })
})

describe('the answer', () => {
  test('lets a browser show the image and nothing else', async () => {
    const { key } = await attach()
    const { headers } = await fetch(media.imageUrl('message', key, origin))
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline; filename="image.png"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
    })
  })

  test.each([
    ['confab-12', 'attachment; filename="confab-12.png"'],
    ['', 'inline; filename="image.png"'],
    ['a"; filename="b', 'inline; filename="image.png"'],
    ['../up', 'inline; filename="image.png"'],
    ['x'.repeat(65), 'inline; filename="image.png"'],
  ])('with ?download=%j is %s', async (name, disposition) => {
    const { key } = await attach()
    const url = new URL(media.imageUrl('message', key, origin))
    url.searchParams.set('download', name)
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toBe(disposition)
  })

  test('with the small size is a small WebP of the same image', async () => {
    const { key } = await attach()
    const answer = await fetch(media.thumbnailUrl('message', key, origin))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="image.webp"')
    const body = Buffer.from(await answer.arrayBuffer())
    expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 320 })
    expect((await fetch(`${origin}/media/message/${key}?size=thumb`)).status).toBe(403)
  })

  test('is 304 for who has the image already, in either size, and only then', async () => {
    const { key } = await attach()
    const [full, thumb] = [media.imageUrl('message', key, origin), media.thumbnailUrl('message', key, origin)]
    const first = await fetch(full)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    const status = async (url: string, value: string) =>
      (await fetch(url, { headers: { 'if-none-match': value } })).status

    expect(await status(full, etag)).toBe(304)
    expect(await status(full, `"other", W/${etag}`)).toBe(304)
    expect(await status(full, '*')).toBe(304)
    expect(await status(full, '"other"')).toBe(200)
    expect(await status(thumb, etag)).toBe(200)

    const again = await fetch(full, { headers: { 'if-none-match': etag } })
    expect(again.headers.get('etag')).toBe(etag)
    expect(again.headers.get('cache-control')).toMatch(/^private, max-age=/)
    expect(await again.text()).toBe('')
  })

  test('is not 304 but 403 without a signature, and 404 once the image is gone', async () => {
    const { key } = await attach()
    const url = media.imageUrl('message', key, origin)
    const headers = { 'if-none-match': `"${key}"` }
    expect((await fetch(`${origin}/media/message/${key}`, { headers })).status).toBe(403)

    await transaction((tx) => media.detach(tx, key))
    const answer = await fetch(url, { headers })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('etag')).toBeNull()
  })

  test('to HEAD is that to GET without the body', async () => {
    const { key, bytes } = await attach()
    const url = media.imageUrl('message', key, origin)
    const [head, get] = [await fetch(url, { method: 'HEAD' }), await fetch(url)]
    const ofTheImage = ({ headers }: Response) =>
      Object.fromEntries([...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)))
    await get.arrayBuffer()

    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String(bytes))
    expect(ofTheImage(head)).toEqual(ofTheImage(get))
    expect(await head.text()).toBe('')
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('to %s says what is allowed', async (method) => {
    const { key } = await attach('profile')
    const answer = await fetch(media.imageUrl('profile', key, origin), { method, body: 'x' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD')
    expect(await answer.json()).toEqual({ detail: `Method "${method}" not allowed.` })
  })

  test('is 404 where the store has lost the file', async () => {
    const image = await attach()
    await storage.delete([imageFile(image.key, image.contentType, 'full')])
    const answer = await fetch(media.imageUrl('message', image.key, origin))
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})
