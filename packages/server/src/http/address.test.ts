import { type Person, startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import sharp from 'sharp'
import { expect, test } from 'vitest'

type Headers = Record<string, string>

const server = await startTestServer()
const behindProxy = await server.node({ TRUST_PROXY: 'true' })
const withPublicUrl = await server.node({ TRUST_PROXY: 'true', PUBLIC_URL: 'https://public.example/base' })

const ada = await server.person('ada')
const picture = sharp({ create: { width: 20, height: 20, channels: 3, background: '#456' } })
const form = { profile_pic: { bytes: await picture.png().toBuffer() } }
expect((await ada.patch('/api/profile/', undefined, { form })).status).toBe(200)

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example:8443' }

/** Where the address of a picture leads, as a call is told. */
async function toldByCall(node: TestServer, person: Person, headers: Headers): Promise<string> {
  const { body } = await node.as(person).get('/api/profile/', { headers })
  return body.profile_pic
}

/** The same, as a socket is told. */
async function toldBySocket(node: TestServer, person: Person, headers: Headers): Promise<string> {
  const url = `${node.url.replace('http', 'ws')}/ws/?token=${person.token}`
  const socket = await TestSocket.open(url, { protocols: ['confab.v1'], headers })
  node.sockets.push(socket)
  socket.send({ type: 'hello' })
  const { me } = (await socket.next('ready')) as unknown as { me: { profile_pic: string } }
  return me.profile_pic
}

test.each<[string, TestServer, Headers, string]>([
  ['a trusted proxy says', behindProxy, forwarded, 'https://chat.example:8443'],
  [
    'the nearest of several proxies says',
    behindProxy,
    { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.example, chat.example' },
    'https://chat.example',
  ],
  ['a proxy says that names the scheme of sockets', behindProxy, { 'x-forwarded-proto': 'wss' }, 'https://127.0.0.1:'],
  ['they were asked for, where a proxy says nothing', behindProxy, {}, behindProxy.url],
  ['they were asked for, whatever headers say without TRUST_PROXY', server, forwarded, server.url],
  ['PUBLIC_URL says, whatever the proxy says', withPublicUrl, forwarded, 'https://public.example/base'],
])('calls and sockets are told the same address of an image: as %s', async (_how, node, headers, base) => {
  const told = await toldBySocket(node, ada, headers)

  expect(told).toBe(await toldByCall(node, ada, headers))
  expect(told.slice(0, base.length)).toBe(base)
})

test('a forwarded host that is none is refused, since links are made of it', async () => {
  const headers = { 'x-forwarded-host': 'chat.example/<script>' }

  await expect(toldBySocket(behindProxy, ada, headers)).rejects.toThrow('refused: 400')
  expect((await behindProxy.as(ada).get('/api/profile/', { headers })).status).toBe(400)
})
