import { untilLockAwaited } from '@confab/testkit/lock-waits'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { imageFile, newImageKey } from './files.ts'
import { createSweeper } from './jobs.ts'
import { startTestMedia, testPicture, wholePicture } from './testing.ts'

const HOUR = 60 * 60 * 1000

const server = await startTestMedia()
const { media, mediaOn, storage, db, pool, transaction, save, attach, remainsOf } = server

afterAll(() => server.stop())

/** What `remainsOf` says of an image that was swept. */
const gone = { row: false, files: [] }

describe('the sweep', () => {
  const after = (hours: number) => new Date(Date.now() + hours * HOUR)

  test('deletes what never had a place or lost it a day ago, and nothing else', async () => {
    const [waiting, lost, kept] = [await save(), await attach(), await attach()]
    await transaction((tx) => media.detach(tx, lost.key))

    await media.sweep(after(23))
    expect(await remainsOf(waiting.key)).toEqual(wholePicture(waiting.key))
    expect(await remainsOf(lost.key)).toEqual(wholePicture(lost.key))

    const swept = await media.sweep(after(25))
    expect(swept.images).toBeGreaterThanOrEqual(2)
    expect(await remainsOf(waiting.key)).toEqual(gone)
    expect(await remainsOf(lost.key)).toEqual(gone)
    expect(await remainsOf(kept.key)).toEqual(wholePicture(kept.key))
    expect(await media.sweep(after(25))).toEqual({ images: 0, strayFiles: 0 })
  })

  test('deletes any number at once', async () => {
    await pool.query(`
      INSERT INTO media (key, kind, owner_id, content_type, width, height, bytes)
      SELECT left(encode(sha256(n::text::bytea), 'hex'), 40), 'message', 987, 'image/png', 1, 1, 1
      FROM generate_series(1, 450) n`)

    expect((await media.sweep(after(25))).images).toBeGreaterThanOrEqual(450)
    expect((await pool.query('SELECT FROM media WHERE owner_id = 987')).rowCount).toBe(0)
  })

  test.each([
    ['before its files are deleted', async () => {}],
    ['after its files are deleted', (names: readonly string[]) => storage.delete(names)],
  ])('that dies %s is finished by the next', async (_, deletion) => {
    const image = await save()
    const dying = mediaOn({
      ...storage,
      delete: async (names) => {
        await deletion(names)
        throw new Error('the power is out')
      },
    })

    await expect(dying.sweep(after(25))).rejects.toThrow('the power is out')
    expect((await remainsOf(image.key)).row).toBe(true)

    await media.sweep(after(25))
    expect(await remainsOf(image.key)).toEqual(gone)
  })

  test.each([0, 1])('finds what a save left that died after writing %i of its files', async (written) => {
    let left = written
    let key = ''
    const dying = mediaOn({
      ...storage,
      put: async (name, body, type) => {
        key = name.slice(0, 40)
        if (left-- === 0) throw new Error('the power is out')
        await storage.put(name, body, type)
      },
    })
    await expect(dying.save({ kind: 'message', ownerId: 1, bytes: await testPicture() })).rejects.toThrow(
      'the power is out',
    )
    expect(await remainsOf(key)).toMatchObject({ row: true, files: { length: written } })

    await media.sweep(after(25))

    expect(await remainsOf(key)).toEqual(gone)
  })

  test('deletes files that no row knows of when they are a day old, and leaves younger ones', async () => {
    const key = newImageKey()
    await storage.put(imageFile(key, 'image/jpeg', 'full'), Buffer.from('x'), 'image/jpeg')
    const kept = await attach()

    expect(await media.sweep(after(23))).toMatchObject({ strayFiles: 0 })
    expect((await remainsOf(key)).files).toHaveLength(1)
    expect(await media.sweep(after(25))).toMatchObject({ strayFiles: 1 })
    expect(await remainsOf(key)).toEqual(gone)
    expect(await remainsOf(kept.key)).toEqual(wholePicture(kept.key))
  })

  test('and a late place for the same image have one outcome: the image is whole or gone', async () => {
    const image = await save()
    let attaching: Promise<unknown> | undefined
    const slow = mediaOn({
      ...storage,
      delete: async (names) => {
        attaching ??= transaction((tx) => media.attach(tx, image.key)).catch((error: unknown) => error)
        await Promise.race([attaching, untilLockAwaited(pool)])
        await storage.delete(names)
      },
    })

    await slow.sweep(after(25))

    expect(await attaching).toMatchObject({ message: expect.stringContaining('0 of 1') })
    expect(await remainsOf(image.key)).toEqual(gone)
  })

  test('runs on one server at a time', async () => {
    const image = await save()
    let second: unknown
    const first = mediaOn({
      ...storage,
      delete: async (names) => {
        await save()
        second ??= await media.sweep(after(25))
        await storage.delete(names)
      },
    })

    expect((await first.sweep(after(25))).images).toBeGreaterThanOrEqual(1)
    expect(second).toMatchObject({ images: 0 })
    expect(await remainsOf(image.key)).toEqual(gone)
  })

  test('runs by itself between start and stop, goes on after a failure, and not after stop', async () => {
    const first = await save()
    const failures: unknown[] = []
    let isBroken = true
    let sweeps = 0
    const sweeper = createSweeper({
      db,
      storage: {
        ...storage,
        delete: async (names) => {
          if (isBroken) throw new Error('the store is away')
          await storage.delete(names)
        },
      },
      log: { info: () => {}, error: (problem: unknown) => failures.push(problem) },
      now: () => {
        sweeps++
        return after(25).getTime()
      },
      everyMs: 10,
    })

    sweeper.start()
    await vi.waitUntil(() => failures.length > 1, 10_000)
    isBroken = false
    await vi.waitUntil(async () => (await remainsOf(first.key)).row === false, 10_000)
    await sweeper.stop()

    const sweepsAtStop = sweeps
    let beats = 0
    const pulse = setInterval(() => beats++, 10)
    await vi.waitUntil(() => beats >= 5, 10_000)
    clearInterval(pulse)
    expect(sweeps).toBe(sweepsAtStop)
    expect(failures[0]).toMatchObject({ err: { message: 'the store is away' } })
  })
})
