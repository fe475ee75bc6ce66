import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Create } from 'sharp'
import { describe, expect, test } from 'vitest'
import { createImageQueue, ImageQueueFullError } from './image-queue.ts'
import { claimedType } from './image-type.ts'
import { IMAGE_LIMITS, ImageError, type ImageShape, processImage } from './images.ts'

const LIMITS = { ...IMAGE_LIMITS, maxBytes: 1_000_000 }

const red = '#ff0000'
const blue = '#0000ff'

function canvas(width: number, height: number, background = red) {
  return sharp({ create: { width, height, channels: 3, background } satisfies Create })
}

/** Left half red, right half blue. */
function redAndBlue(width: number, height: number) {
  const half = { create: { width: width / 2, height, channels: 3, background: blue } } as const
  return canvas(width, height).composite([{ input: half, left: width / 2, top: 0 }])
}

async function animation(type: 'gif' | 'webp', colours: string[], delay: number[]) {
  const frames = await Promise.all(colours.map((colour) => canvas(60, 40, colour).png().toBuffer()))
  const joined = sharp(frames, { join: { animated: true } })
  return type === 'gif' ? joined.gif({ delay, loop: 3 }).toBuffer() : joined.webp({ delay, loop: 3 }).toBuffer()
}

async function colourAt(image: Buffer, left: number, top: number): Promise<'red' | 'blue'> {
  const [r = 0, , b = 0] = await sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()
  return r > b ? 'red' : 'blue'
}

function problemOf(bytes: Buffer, { shape = 'whole' as ImageShape, limits = {} } = {}): Promise<unknown> {
  return processImage(bytes, shape, { ...LIMITS, ...limits }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ImageError ? error.problem : error),
  )
}

/** A PNG chunk with its checksum; the one of the header is all that a bomb needs to be believed. */
function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const pixels = deflateSync(Buffer.alloc(1_000_000))
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

describe('what is taken', () => {
  test.each([
    ['jpeg', 'image/jpeg'],
    ['png', 'image/png'],
    ['webp', 'image/webp'],
    ['gif', 'image/webp'],
    ['avif', 'image/webp'],
  ] as const)('a %s is stored as %s, in its size', async (format, contentType) => {
    const upload = await redAndBlue(80, 60).toFormat(format).toBuffer()

    const image = await processImage(upload, 'whole', LIMITS)

    expect(image).toMatchObject({ contentType, width: 80, height: 60 })
    expect(await sharp(image.body).metadata()).toMatchObject({ mediaType: contentType, width: 80, height: 60 })
    expect(await colourAt(image.body, 5, 30)).toBe('red')
    expect(await colourAt(image.body, 75, 30)).toBe('blue')
  })

  test('a large image is made smaller, its proportions kept, and has a small WebP beside it', async () => {
    const image = await processImage(await canvas(5000, 1000).jpeg().toBuffer(), 'whole', LIMITS)

    expect(image).toMatchObject({ width: 4096, height: 819 })
    expect(await sharp(image.thumbnail).metadata()).toMatchObject({ mediaType: 'image/webp', width: 320, height: 64 })
  })

  test('an image that is smaller than its thumbnail would be is not enlarged', async () => {
    const { thumbnail } = await processImage(await canvas(20, 10).png().toBuffer(), 'whole', LIMITS)

    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 20, height: 10 })
  })

  test.each([
    { width: 1200, height: 700, side: 512, small: 96 },
    { width: 300, height: 700, side: 300, small: 96 },
    { width: 50, height: 40, side: 40, small: 40 },
  ])('a picture of $width × $height becomes a square of $side', async ({ width, height, side, small }) => {
    const image = await processImage(await canvas(width, height).jpeg().toBuffer(), 'square', LIMITS)

    expect(image).toMatchObject({ contentType: 'image/webp', width: side, height: side })
    expect(await sharp(image.body).metadata()).toMatchObject({ width: side, height: side })
    expect(await sharp(image.thumbnail).metadata()).toMatchObject({ width: small, height: small })
  })

  test.each(['gif', 'webp'] as const)('an animated %s keeps its frames, their times and its loops', async (type) => {
    const upload = await animation(type, [red, blue, '#00ff00'], [100, 200, 300])

    const image = await processImage(upload, 'whole', LIMITS)

    expect(image).toMatchObject({ contentType: 'image/webp', width: 60, height: 40 })
    expect(await sharp(image.body).metadata()).toMatchObject({ pages: 3, delay: [100, 200, 300], loop: 3 })
    expect((await sharp(image.thumbnail).metadata()).pages ?? 1).toBe(1)
  })

  test('an animation as a picture stands still', async () => {
    const image = await processImage(await animation('gif', [red, blue], [100, 100]), 'square', LIMITS)

    expect((await sharp(image.body).metadata()).pages ?? 1).toBe(1)
    expect(await colourAt(image.body, 10, 10)).toBe('red')
  })
})

describe('what is left out', () => {
  const exif = {
    IFD0: { Make: 'SecretCamera', Copyright: 'SecretOwner' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 29/1', GPSLongitudeRef: 'E', GPSLongitude: '2/1 17/1 40/1' },
  }
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>SecretNote</note></x:xmpmeta>'

  test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'a %s loses EXIF, place, XMP and colour profile',
    async (format) => {
      const upload = await canvas(40, 30).withExif(exif).withXmp(xmp).withIccProfile('p3').toFormat(format).toBuffer()
      const before = await sharp(upload).metadata()
      expect(before.exif?.includes('SecretCamera')).toBe(true)
      expect(before.exif?.length).toBeGreaterThan(150)

      for (const shape of ['whole', 'square'] as const) {
        const image = await processImage(upload, shape, LIMITS)
        for (const bytes of [image.body, image.thumbnail]) {
          const after = await sharp(bytes).metadata()
          expect({ exif: after.exif, xmp: after.xmp, icc: after.icc, iptc: after.iptc }).toEqual({})
          expect(bytes.includes('Secret')).toBe(false)
        }
      }
    },
  )

  test('a photograph taken sideways stands upright, without the tag that said so', async () => {
    // Orientation 6: to be turned a quarter clockwise, so that what is left in the file is on top.
    const upload = await redAndBlue(80, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer()

    const image = await processImage(upload, 'whole', LIMITS)

    expect(image).toMatchObject({ width: 40, height: 80 })
    expect((await sharp(image.body).metadata()).orientation).toBeUndefined()
    expect(await colourAt(image.body, 20, 5)).toBe('red')
    expect(await colourAt(image.body, 20, 75)).toBe('blue')
  })

  test('what hides behind an image in the same file does not come out', async () => {
    const script = Buffer.from('<html><script>alert(document.cookie)</script></html>')
    for (const format of ['jpeg', 'png', 'gif', 'webp'] as const) {
      const upload = Buffer.concat([await canvas(30, 30).toFormat(format).toBuffer(), script])
      const image = await processImage(upload, 'whole', LIMITS)
      expect(image.body.includes('script'), format).toBe(false)
    }
  })

  test('a comment inside a JPEG does not come out', async () => {
    const jpeg = await canvas(30, 30).jpeg().toBuffer()
    const text = Buffer.from('<script>alert(1)</script>')
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text])
    const upload = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])

    const image = await processImage(upload, 'whole', LIMITS)

    expect(image.body.includes('script')).toBe(false)
  })
})

describe('what is refused', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'

  test.each([
    ['SVG', Buffer.from(svg)],
    ['SVG behind the first bytes of a GIF', Buffer.from(`GIF89a${svg}`)],
    ['SVG behind the first bytes of a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(svg)])],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
    ['text', Buffer.from('hello')],
    ['one byte', Buffer.from([0xff])],
    ['the first bytes of a PNG alone', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a box that claims to be AVIF', Buffer.from('0000001c667479706176696600000000', 'hex')],
    ['a box of another format', Buffer.from('0000001c667479706d703432000000006d703432', 'hex')],
    ['zeros', Buffer.alloc(5000)],
  ])('%s is not an image', async (_, bytes) => {
    expect(await problemOf(bytes)).toBe('not_an_image')
    expect(await problemOf(bytes, { shape: 'square' })).toBe('not_an_image')
  })

  test.each([
    ['SVG', Buffer.from(svg)],
    ['PDF', Buffer.from('%PDF-1.7')],
    ['video', Buffer.from('0000001c667479706d703432000000006d70343269736f6d', 'hex')],
    ['sound', Buffer.from('RIFF\u0000\u0000\u0000\u0000WAVEfmt ')],
    ['TIFF', Buffer.from('49492a0008000000', 'hex')],
    ['nothing', Buffer.alloc(0)],
  ])('%s never reaches a decoder', (_, bytes) => {
    expect(claimedType(bytes)).toBeUndefined()
  })

  test('a TIFF is an image, but of no type that is taken', async () => {
    expect(await problemOf(await canvas(10, 10).tiff().toBuffer())).toBe('not_an_image')
  })

  test.each(['jpeg', 'png', 'webp'] as const)('half a %s is not an image', async (format) => {
    const noise = sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        noise: { type: 'gaussian', mean: 99, sigma: 40 },
        background: red,
      },
    })
    const bytes = await noise.toFormat(format).toBuffer()
    expect(await problemOf(bytes)).toBe('accepted')
    expect(await problemOf(bytes.subarray(0, bytes.length / 2))).toBe('not_an_image')
  })

  test('nothing at all is an empty file', async () => {
    expect(await problemOf(Buffer.alloc(0))).toBe('empty_file')
  })

  test('more bytes than allowed are too large, as many as allowed are not', async () => {
    const bytes = await canvas(10, 10).png().toBuffer()
    expect(await problemOf(bytes, { limits: { maxBytes: bytes.length - 1 } })).toBe('too_large')
    expect(await problemOf(bytes, { limits: { maxBytes: bytes.length } })).toBe('accepted')
  })

  test('a small file that claims a vast image is refused by its header', async () => {
    const bomb = pngClaiming(60_000, 60_000)
    expect(bomb.length).toBeLessThan(5_000)
    expect(await problemOf(bomb)).toBe('too_many_pixels')
    expect(await problemOf(bomb, { shape: 'square' })).toBe('too_many_pixels')
  })

  test('the pixels of all frames count together, and so do the frames', async () => {
    const bytes = await animation('gif', [red, blue, red], [50, 50, 50])
    expect(await problemOf(bytes, { limits: { maxPixels: 60 * 40 * 3 } })).toBe('accepted')
    expect(await problemOf(bytes, { limits: { maxPixels: 60 * 40 * 3 - 1 } })).toBe('too_many_pixels')
    expect(await problemOf(bytes, { limits: { maxFrames: 2 } })).toBe('too_many_pixels')
  })
})

describe('the queue', () => {
  test('takes as many as may wait, refuses the next, and takes more when there is room again', async () => {
    const queue = createImageQueue(LIMITS, { concurrency: 1, maxWaiting: 2 })
    const bytes = await canvas(600, 600).png().toBuffer()
    const taken = [1, 2, 3].map(() => queue.process(bytes, 'whole'))

    await expect(queue.process(bytes, 'whole')).rejects.toThrow(ImageQueueFullError)

    expect(await Promise.all(taken)).toHaveLength(3)
    expect(await queue.process(bytes, 'square')).toMatchObject({ width: 512 })
  })

  test('goes on after an upload that was no image', async () => {
    const queue = createImageQueue(LIMITS, { concurrency: 1 })
    const image = await canvas(10, 10).png().toBuffer()
    const uploads = [Buffer.from('no image'), image].map((bytes) => queue.process(bytes, 'whole'))

    const [bad, good] = await Promise.allSettled(uploads)

    expect(bad).toMatchObject({ status: 'rejected', reason: { problem: 'not_an_image' } })
    expect(good).toMatchObject({ status: 'fulfilled', value: { width: 10 } })
  })
})
