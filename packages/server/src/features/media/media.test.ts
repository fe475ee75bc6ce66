import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { newImageKey } from './files.ts'
import { startTestMedia } from './testing.ts'

const server = await startTestMedia()
const { media, origin, pool, transaction, save, attach } = server

afterAll(() => server.stop())

describe('an image', () => {
  test('is served from the commit that gives it its place until the one that takes it away', async () => {
    const image = await save()
    const url = media.imageUrl('message', image.key, origin)
    expect((await fetch(url)).status).toBe(404)

    await transaction((tx) => media.attach(tx, image.key))
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    const body = Buffer.from(await answer.arrayBuffer())
    expect(body.length).toBe(image.bytes)
    expect(await sharp(body).metadata()).toMatchObject({ format: 'png', width: image.width, height: image.height })

    await transaction((tx) => media.detach(tx, [image.key]))
    expect((await fetch(url)).status).toBe(404)
  })

  test('has no place when the transaction that gave it one is rolled back', async () => {
    const image = await save()
    const failing = transaction(async (tx) => {
      await media.attach(tx, image.key)
      throw new Error('something else went wrong')
    })
    await expect(failing).rejects.toThrow('something else')

    expect((await fetch(media.imageUrl('message', image.key, origin))).status).toBe(404)
  })

  test('is given a place once', async () => {
    const image = await attach()
    await expect(transaction((tx) => media.attach(tx, image.key))).rejects.toThrow('0 of 1')
    await expect(transaction((tx) => media.attach(tx, newImageKey()))).rejects.toThrow('0 of 1')
  })

  test('of a room goes with all others of the room, and with none of another', async () => {
    const [first, second, other] = [await attach('message', 41), await attach('group', 41), await attach('message', 42)]
    await transaction((tx) => media.detachRoom(tx, 41))

    expect(await media.open('message', first.key, 'full')).toBeUndefined()
    expect(await media.open('group', second.key, 'full')).toBeUndefined()
    expect(await media.open('message', other.key, 'full')).toBeDefined()
  })

  test('that is none leaves nothing behind', async () => {
    const count = async () => (await pool.query('SELECT count(*) FROM media')).rows
    const before = await count()
    const upload = { kind: 'message', ownerId: 1, bytes: Buffer.from('<svg/>') } as const
    await expect(media.save(upload)).rejects.toMatchObject({ problem: 'not_an_image' })
    expect(await count()).toEqual(before)
  })
})
