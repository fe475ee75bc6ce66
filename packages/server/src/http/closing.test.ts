import { once } from 'node:events'
import { connect } from 'node:net'
import { startTestServer } from '@confab/testkit/server'
import { expect, test, vi } from 'vitest'

test('a call that comes on an open connection while the server stops is answered, and the connection closed', async () => {
  const server = await startTestServer()
  const { token, username } = await server.person('ada')
  const port = Number(new URL(server.url).port)
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let heard = ''
  socket.on('data', (text) => {
    heard += text
  })
  const common = [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`]
  const body = '{"first_name":"Ada"}'
  // The call under way keeps the connection open: its body is yet to come.
  const patch = ['PATCH /api/profile/ HTTP/1.1', ...common, 'Content-Type: application/json', 'Expect: 100-continue']
  socket.write([...patch, `Content-Length: ${body.length}`, '', ''].join('\r\n'))
  await vi.waitFor(() => expect(heard).toContain('100 Continue'), { timeout: 10_000 })

  const isClosed = server.close()
  await vi.waitFor(() => expect(fetch(`${server.url}/healthz`)).rejects.toThrow(), { timeout: 10_000 })
  socket.write([`${body}GET /api/profile/ HTTP/1.1`, ...common, '', ''].join('\r\n'))
  await once(socket, 'close')
  await isClosed

  const [, changed, read] = heard.split('HTTP/1.1 ').slice(1)
  expect(changed).toMatch(/^200 /)
  expect(read).toMatch(/^200 .*\r\nConnection: close\r\n/)
  expect(read).toContain(username)
})
