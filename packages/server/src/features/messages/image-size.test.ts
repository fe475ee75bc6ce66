import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let ada: Person
let bob: Person
let room: number
let url: string

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = await server.people('ada', 'bob')
  room = (await server.group(ada, [bob])).id
  url = `/api/chatrooms/${room}/messages/`
})

const canvas = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'teal' } })

/** A photo as a phone takes it upright: its pixels lie on the side, and its EXIF says so. */
const photo = (width: number, height: number) =>
  canvas(height, width).jpeg().withMetadata({ orientation: 6 }).toBuffer()

const send = (bytes: Buffer, fields: Record<string, string> = {}) =>
  ada.post(url, undefined, { form: { ...fields, image: { bytes, type: 'image/jpeg', name: 'a.jpg' } } })

const sizeOf = (message: { image_width: unknown; image_height: unknown }) => [message.image_width, message.image_height]

/** Opens the gateway and gives what came before `ready`. */
async function connect(resume?: Record<string, unknown>) {
  const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/ws/`, {
    protocols: ['confab.v1', `bearer.${bob.token}`],
  })
  server.sockets.push(socket)
  socket.send({ type: 'hello', ...(resume ? { resume } : {}) })
  const missed = []
  for (let frame = await socket.next(); ; frame = await socket.next()) {
    if (frame.type === 'ready') return { socket, position: { epoch: frame.epoch, positions: frame.positions }, missed }
    missed.push(frame)
  }
}

describe('the size of an image', () => {
  test('is that of the image turned upright, the same wherever the message is', async () => {
    const { socket, position } = await connect()
    const chat = await bob.connect(`/ws/chat/${room}/`)

    const { body: sent } = await send(await photo(40, 60), { client_id: 'one' })

    const stored = await sharp(Buffer.from(await (await fetch(sent.image)).arrayBuffer())).metadata()
    expect(sizeOf(sent)).toEqual([40, 60])
    expect([stored.width, stored.height]).toEqual([40, 60])
    expect((await socket.next('message.created')).data).toEqual({ message: sent })
    expect((await chat.next('new_message')).message).toEqual(sent)
    expect((await send(await photo(40, 60), { client_id: 'one' })).body).toEqual(sent)
    expect((await bob.get(`${url}${sent.id}/`)).body).toEqual(sent)
    expect((await bob.get(`${url}?limit=1`)).body.results).toEqual([sent])
    expect((await bob.get(`/api/chatrooms/${room}/images/?limit=1`)).body.results).toEqual([sent])
    expect((await ada.get('/api/profile/export/')).body.messages.map(sizeOf)).toContainEqual([40, 60])
    await socket.close()
    expect((await connect(position)).missed).toContainEqual(expect.objectContaining({ data: { message: sent } }))
  })

  test('is that of what is kept of an image that was too large', async () => {
    const { body } = await send(await canvas(8192, 16).jpeg().toBuffer())

    expect(sizeOf(body)).toEqual([4096, 8])
  })

  test('follows the image: another has its own, none has none, and a text never had one', async () => {
    const { body: sent } = await send(await photo(40, 60), { content: 'look' })
    const { socket } = await connect()
    const told = async () => sizeOf(Object((await socket.next('message.updated')).data).message)
    const other = { bytes: await canvas(30, 20).png().toBuffer() }

    const replaced = await ada.patch(`${url}${sent.id}/`, undefined, { form: { image: other } })
    expect([sizeOf(replaced.body), await told()]).toEqual(Array(2).fill([30, 20]))
    const renamed = await ada.patch(`${url}${sent.id}/`, { content: 'look again' })
    expect([sizeOf(renamed.body), await told()]).toEqual(Array(2).fill([30, 20]))
    const emptied = await ada.patch(`${url}${sent.id}/`, { image: null })
    expect([sizeOf(emptied.body), await told()]).toEqual(Array(2).fill([null, null]))
    expect(sizeOf((await ada.post(url, { content: 'only words' })).body)).toEqual([null, null])
  })
})
