import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import S3rver from '@20minutes/s3rver'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDiskStorage } from './disk-storage.ts'
import { imageFile, newImageKey, parseImageFile } from './files.ts'
import { openMediaStorage } from './open-storage.ts'
import { openS3Storage } from './s3-storage.ts'
import { parseS3Url } from './s3-url.ts'
import type { MediaStorage } from './storage.ts'

const folder = await mkdtemp(join(tmpdir(), 'confab storage '))
const s3 = new S3rver({
  address: '127.0.0.1',
  port: 0,
  directory: join(folder, 's3'),
  silent: true,
  configureBuckets: [{ name: 'pictures' }],
})
let s3Host = ''

beforeAll(async () => {
  s3Host = `127.0.0.1:${(await s3.run()).port}`
})
afterAll(async () => {
  await s3.close()
  await rm(folder, { recursive: true })
})

const s3Url = (bucket = 'pictures', secret = 'S3RVER') => `s3://S3RVER:${secret}@${s3Host}/${bucket}?ssl=false`

async function contentOf(storage: MediaStorage, name: string): Promise<string | undefined> {
  const file = await storage.open(name)
  return file && (await buffer(file.stream)).toString()
}

async function namesIn(storage: MediaStorage): Promise<string[]> {
  const names: string[] = []
  for await (const file of storage.list()) names.push(file.name)
  return names.sort()
}

const newName = () => imageFile(newImageKey(), 'image/png', 'full')

describe.each([
  ['on disk', () => openDiskStorage(join(folder, 'media'))],
  ['in S3', () => openS3Storage(parseS3Url(s3Url(), {}))],
])('a store %s', (_, open) => {
  let storage: MediaStorage
  beforeAll(async () => {
    storage = await open()
  })

  test('gives back what was put in, with its length and type', async () => {
    const key = newImageKey()
    const body = Buffer.from(Array.from({ length: 100_000 }, (__, index) => index % 251))
    await storage.put(imageFile(key, 'image/jpeg', 'full'), body, 'image/jpeg')
    await storage.put(imageFile(key, 'image/jpeg', 'thumb'), Buffer.from('small'), 'image/webp')

    const file = await storage.open(imageFile(key, 'image/jpeg', 'full'))
    expect(file).toMatchObject({ bytes: 100_000, contentType: 'image/jpeg' })
    expect(file && (await buffer(file.stream)).equals(body)).toBe(true)
    const small = await storage.open(imageFile(key, 'image/jpeg', 'thumb'))
    expect(small).toMatchObject({ bytes: 5, contentType: 'image/webp' })
    small?.stream.destroy()
  })

  test('has nothing under a name that was never put', async () => {
    expect(await storage.open(newName())).toBeUndefined()
  })

  test('keeps the last of what is put under one name', async () => {
    const name = newName()
    await storage.put(name, Buffer.from('first, and longer'), 'image/png')
    await storage.put(name, Buffer.from('second'), 'image/png')
    expect(await contentOf(storage, name)).toBe('second')
  })

  test('serves many at once, each its own', async () => {
    const names = Array.from({ length: 20 }, newName)
    await Promise.all(names.map((name) => storage.put(name, Buffer.from(name), 'image/png')))
    expect(await Promise.all(names.map((name) => contentOf(storage, name)))).toEqual(names)
  })

  test('forgets what is deleted, also when some of it was gone already', async () => {
    const [kept, first, second] = [newName(), newName(), newName()]
    for (const name of [kept, first, second]) await storage.put(name, Buffer.from(name), 'image/png')
    await storage.delete([first])

    await storage.delete([first, second, newName()])
    await storage.delete([])

    expect(await contentOf(storage, first)).toBeUndefined()
    expect(await contentOf(storage, second)).toBeUndefined()
    expect(await contentOf(storage, kept)).toBe(kept)
  })

  test('lists every file once, with the time it was written', async () => {
    const before = Date.now() - 2000
    await storage.delete(await namesIn(storage))
    const names = Array.from({ length: 30 }, newName).sort()
    for (const name of names) await storage.put(name, Buffer.from('x'), 'image/png')

    expect(await namesIn(storage)).toEqual(names)
    for await (const { modifiedAt } of storage.list()) {
      expect(modifiedAt.getTime()).toBeGreaterThan(before)
      expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 2000)
    }
  })

  test('takes no name but those of image files, however it is spelled', async () => {
    const good = newName()
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e%2e',
      '\u0000',
      'etc',
      'passwd',
      good,
      good.slice(0, 2),
      '.png',
      '',
    )
    const name = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        fc.pre(parseImageFile(text) === undefined)
        expect(await storage.open(text)).toBeUndefined()
        await expect(storage.put(text, Buffer.from('x'), 'image/png')).rejects.toThrow('Not the name')
        await expect(storage.delete([text])).rejects.toThrow('Not the name')
      }),
    )
  })
})

describe('the names of image files', () => {
  test('are plain: no separators, no dots but before the extension', () => {
    const pieces = fc.constantFrom(
      '..',
      '/',
      '\\',
      '\n',
      'A',
      'g',
      'a'.repeat(40),
      'a'.repeat(39),
      '.png',
      '.thumb',
      '.svg',
      '.webp',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 5 }), (parts) => {
        const text = parts.join('')
        if (parseImageFile(text)) expect(text).toMatch(/^a{40}(\.thumb)?\.(png|webp)$(?!\n)/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the disk', () => {
  test('leaves no unfinished files, and clears away those of a process that died a day ago', async () => {
    const root = join(folder, 'unfinished')
    const storage = await openDiskStorage(root)
    await storage.put(newName(), Buffer.from('x'), 'image/png')
    expect(await readdir(join(root, 'tmp'))).toEqual([])
    await writeFile(join(root, 'tmp', 'old'), 'half')
    await writeFile(join(root, 'tmp', 'new'), 'half')
    const dayAgo = Date.now() / 1000 - 25 * 60 * 60
    await utimes(join(root, 'tmp', 'old'), dayAgo, dayAgo)

    await openDiskStorage(root)

    expect(await readdir(join(root, 'tmp'))).toEqual(['new'])
  })

  test('keeps no half of a file when it cannot put it in its place', async () => {
    const root = join(folder, 'blocked')
    const storage = await openDiskStorage(root)
    const name = newName()
    await mkdir(join(root, name.slice(0, 2), name), { recursive: true })

    await expect(storage.put(name, Buffer.from('x'), 'image/png')).rejects.toThrow('EISDIR')

    expect(await readdir(join(root, 'tmp'))).toEqual([])
  })

  test('lists nothing that it did not write', async () => {
    const root = join(folder, 'mixed')
    const storage = await openDiskStorage(root)
    const name = newName()
    await storage.put(name, Buffer.from('x'), 'image/png')
    await writeFile(join(root, 'notes.txt'), 'mine')
    await writeFile(join(root, name.slice(0, 2), 'notes.txt'), 'mine')
    await symlink('/etc', join(root, 'ff-link'))

    expect(await namesIn(storage)).toEqual([name])
  })

  test('that cannot be used stops the start with one line', async () => {
    const dataDir = join(folder, 'a-file')
    await writeFile(dataDir, '')
    await expect(openMediaStorage({ mediaUrl: undefined, dataDir }, {})).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining(join(dataDir, 'media')),
    })
  })
})

describe('an S3 store', () => {
  test('is used when MEDIA_URL names it, the folder otherwise', async () => {
    const name = newName()
    const bucket = await openMediaStorage({ mediaUrl: s3Url(), dataDir: join(folder, 'data') }, {})
    const disk = await openMediaStorage({ mediaUrl: undefined, dataDir: join(folder, 'data') }, {})
    await bucket.put(name, Buffer.from('in the bucket'), 'image/png')

    expect(await contentOf(bucket, name)).toBe('in the bucket')
    expect(await contentOf(disk, name)).toBeUndefined()
  })

  test('lists more files than one answer holds', { timeout: 180_000 }, async () => {
    const storage = await openS3Storage(parseS3Url(s3Url(), {}))
    const names = Array.from({ length: 1050 }, newName)
    for (let at = 0; at < names.length; at += 50) {
      const batch = names.slice(at, at + 50)
      await Promise.all(batch.map((name) => storage.put(name, Buffer.from('x'), 'image/png')))
    }
    const listed = new Set(await namesIn(storage))
    expect(names.filter((name) => !listed.has(name))).toEqual([])
    await storage.delete(names)
    expect(await namesIn(storage).then((left) => left.filter((name) => names.includes(name)))).toEqual([])
  })

  test.each([
    ['no such bucket', () => s3Url('missing')],
    ['the wrong secret', () => s3Url('pictures', 'WRONG-SECRET')],
    ['nobody listening', () => 's3://KEY:WRONG-SECRET@127.0.0.1:9/pictures?ssl=false'],
  ])('with %s stops the start with one line that holds no secret', async (_, url) => {
    const problem = await openS3Storage(parseS3Url(url(), {})).catch((error: unknown) => error)
    expect(problem).toMatchObject({ name: 'StartError', message: expect.stringContaining('cannot be used') })
    expect(String(problem)).not.toContain('WRONG-SECRET')
  })

  test('takes what its address does not say from the environment', () => {
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-3' }
    const signedIn = { accessKeyId: 'id', secretAccessKey: 'secret' }
    expect(parseS3Url('s3://store.test/images', env)).toEqual({
      bucketUrl: 'https://store.test/images',
      region: 'eu-west-3',
      ...signedIn,
    })
    expect(parseS3Url('s3://a%2Fb:c%40d@store.test:9000/images?region=x&ssl=false', env)).toEqual({
      bucketUrl: 'http://store.test:9000/images',
      region: 'x',
      accessKeyId: 'a/b',
      secretAccessKey: 'c@d',
    })
  })

  test.each([
    'https://store.test/images',
    's3://KEY:SECRET@store.test',
    's3://KEY:SECRET@store.test/two/parts',
    's3://KEY:SECRET@store.test/UPPER',
    's3://store.test/images',
    's3://KEY:SECRET%@store.test/images',
    'images',
    '',
  ])('refuses the address %j without repeating its secret', (url) => {
    expect(() => parseS3Url(url, {})).toThrow(expect.objectContaining({ name: 'StartError' }))
    expect(() => parseS3Url(url, {})).not.toThrow(/SECRET%|SECRET@store/)
  })
})
