import { once } from 'node:events'
import { request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { startTestServer } from '@confab/testkit/server'
import { describe, expect, onTestFinished, test } from 'vitest'

const server = await startTestServer({ MAX_UPLOAD_MB: '1' })
const [ada, bob] = await server.people('ada', 'bob')
const { id: room } = await server.group(ada, [bob])

const fields = (count: number, bytes: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 'x'.repeat(bytes)]))
const file = (bytes: number) => ({ bytes: new Uint8Array(bytes) })
const post = (path: string, form: Record<string, string | ReturnType<typeof file>>) =>
  ada.post(path, undefined, { form })

describe('what a form holds is bounded', () => {
  test.each(['/api/login/', '/api/notifications/'])('in all its fields together, at %s', async (path) => {
    const much = fields(1_500, 990)

    expect((await post(path, much)).status).toBe(413)
    expect((await ada.post(path, undefined, { urlencoded: much })).status).toBe(413)
    expect((await post(path, fields(100, 990))).status).not.toBe(413)
  })

  test('and one that is too large is read over, so that whoever is slow to send it sees the answer', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sending = request(`${server.url}/api/login/`, { method: 'POST', headers })
    const answer = once(sending, 'response')
    for (let part = 0; part < 200; part++) {
      sending.write(`field${part}=${'x'.repeat(8_000)}&`)
      await setImmediate()
    }
    sending.end()

    const [{ statusCode }] = await answer
    expect(statusCode).toBe(413)
  })

  test('and is refused once, however many of its parts are too many', async () => {
    const warned: Error[] = []
    const listen = (warning: Error) => warned.push(warning)
    process.on('warning', listen)
    onTestFinished(() => void process.off('warning', listen))
    const urlencoded = { first: 'x'.repeat(251_000), ...fields(1_500, 9) }

    expect((await ada.post('/api/login/', undefined, { urlencoded })).status).toBe(413)
    await setImmediate()
    expect(warned).toEqual([])
  })

  test('in all its files together, and a file that is too large is told of by its field', async () => {
    const path = `/api/chatrooms/${room}/messages/`

    expect((await post(path, { image: file(600_000), other: file(600_000) })).status).toBe(413)
    expect(await post(path, { image: file(3_000_000) })).toMatchObject({
      status: 400,
      body: { image: ['The file is larger than 1 MB.'] },
    })
  })

  test('and files that nobody asked for do no harm', async () => {
    const login = { identifier: ada.username, password: 'wrong', one: file(900_000), other: file(900_000) }

    expect((await post('/api/login/', login)).body).toEqual({ non_field_errors: ['Invalid login credentials.'] })
  })
})
