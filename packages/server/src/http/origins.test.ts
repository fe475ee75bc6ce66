import { get, type IncomingMessage } from 'node:http'
import { startTestServer, type TestServer } from '@confab/testkit/server'
import { TestSocket } from '@confab/testkit/socket'
import { describe, expect, test } from 'vitest'

type Headers = Record<string, string>

const server = await startTestServer()
const behindProxy = await server.node({ TRUST_PROXY: 'true' })
const withPublicUrl = await server.node({ PUBLIC_URL: 'https://chat.example/base' })
const withList = await server.node({ ALLOWED_ORIGINS: 'https://app.example,http://localhost:5173' })
const ada = await server.person('ada')

/** Asks without `fetch`, which sets `Host` itself. */
function ask(node: TestServer, path: string, headers: Headers): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(node.url + path, { headers, agent: false }, (response) => resolve(response.resume())).on('error', reject)
  })
}

/** What CORS allows. */
async function allowedByCors(node: TestServer, headers: Headers): Promise<string | undefined> {
  return (await ask(node, '/healthz', headers)).headers['access-control-allow-origin']
}

/** What the handshakes of an open and of a guarded socket come to. */
async function handshakes(node: TestServer, headers: Headers): Promise<string[]> {
  const paths = ['/ws/', '/ws/sidebar/'].map((path) => `${node.url.replace('http', 'ws')}${path}?token=${ada.token}`)
  return Promise.all(
    paths.map((path) =>
      TestSocket.open(path, { headers }).then(
        (socket) => socket.close().then(() => 'open'),
        (error: Error) => error.message,
      ),
    ),
  )
}

const forwardedTo = (host: string, origin: string): Headers => ({ origin, 'x-forwarded-host': host })

describe('pages may call and open sockets', () => {
  test.each<[string, TestServer, Headers]>([
    ['of the address they call', server, { origin: 'http://192.168.1.20:8000', host: '192.168.1.20:8000' }],
    ['of the domain they call, over TLS', server, { origin: 'https://chat.example', host: 'chat.example' }],
    [
      'of the domain they call, with its usual port',
      server,
      { origin: 'https://chat.example', host: 'Chat.example:443' },
    ],
    ['of the host that a trusted proxy names', behindProxy, forwardedTo('chat.example', 'https://chat.example')],
    ['of PUBLIC_URL', withPublicUrl, { origin: 'https://chat.example' }],
    ['of this machine, without a list', server, { origin: 'http://localhost:5173' }],
    ['that are listed', withList, { origin: 'https://app.example' }],
    ['of the server itself, beside a list', withList, { origin: 'https://chat.example', host: 'chat.example' }],
  ])('%s', async (_which, node, headers) => {
    expect(await allowedByCors(node, headers)).toBe(headers.origin)
    expect(await handshakes(node, headers)).toEqual(['open', 'open'])
  })
})

describe('pages may neither call nor open sockets', () => {
  test.each<[string, TestServer, Headers]>([
    ['of another host', server, { origin: 'https://evil.example', host: 'chat.example' }],
    ['of another port of the host', server, { origin: 'http://chat.example:81', host: 'chat.example' }],
    ['of a host that begins alike', server, { origin: 'http://chat.example.evil', host: 'chat.example' }],
    ['that hide their origin', server, { origin: 'null', host: 'null' }],
    ['of a forwarded host, without TRUST_PROXY', server, forwardedTo('evil.example', 'https://evil.example')],
    ['of the scheme that PUBLIC_URL does not have', withPublicUrl, { origin: 'http://chat.example' }],
    ['that are not listed', withList, { origin: 'https://evil.example' }],
    ['of this machine, that are not listed', withList, { origin: 'http://localhost:3000' }],
  ])('%s', async (_which, node, headers) => {
    expect(await allowedByCors(node, headers)).toBeUndefined()
    expect(await handshakes(node, headers)).toEqual(['refused: 403', 'refused: 403'])
  })
})

test.each(['/healthz', '/api/profile/', '/api/nothing/', '/api/schema/'])(
  '%s is answered as one that depends on the origin, also where none is named',
  async (path) => {
    for (const headers of [{}, { origin: 'http://localhost:5173' }, { origin: 'https://evil.example' }]) {
      const { vary } = (await ask(server, path, headers)).headers
      expect(vary?.toLowerCase().split(/, */)).toContain('origin')
    }
  },
)

test('a page may read why its call was refused, also for the name it gives to the server', async () => {
  const { statusCode, headers } = await ask(server, '/healthz', { origin: 'http://localhost:5173', host: 'no host' })
  expect(statusCode).toBe(400)
  expect(headers['access-control-allow-origin']).toBe('http://localhost:5173')
})
