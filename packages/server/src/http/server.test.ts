import { startTestServer } from '@confab/testkit/server'
import compileSerializer from 'fast-json-stringify'
import { expect, test } from 'vitest'

/** Every header that a browser is told to be careful by. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const server = await startTestServer()

test('every answer that has a schema can be written by it, also those that are seldom given', () => {
  const compiled = server.endpoints.flatMap(({ responses }) =>
    Object.values(responses).map((schema) => compileSerializer(schema)),
  )
  expect(compiled.length).toBeGreaterThan(50)
})

test('two answers have two request ids', async () => {
  const ids: (string | null)[] = []
  for (let count = 0; count < 2; count++) ids.push((await server.anonymous.get('/healthz')).headers.get('x-request-id'))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{18}-\w+$/)
  expect(new Set(ids).size).toBe(2)
})

test.each([
  ['an answer', '/healthz', 200],
  ['a refusal', '/api/profile/', 401],
  ['the answer where nothing is', '/api/nothing/', 404],
])('%s has the security headers, and over HTTP none that wants HTTPS', async (_, path, status) => {
  const reply = await server.anonymous.get(path)
  expect(reply.status).toBe(status)
  expect(Object.fromEntries(reply.headers)).toMatchObject(SECURITY_HEADERS)
  expect(reply.headers.get('strict-transport-security')).toBeNull()
})

test.each([
  ['https://chat.example.com', 'max-age=31536000; includeSubDomains'],
  ['http://chat.example.com', null],
])('where clients reach the server at %s browsers are told of HTTPS: %s', async (publicUrl, expected) => {
  const { anonymous } = await startTestServer({ PUBLIC_URL: publicUrl })
  const { headers } = await anonymous.get('/healthz')
  expect(headers.get('strict-transport-security')).toBe(expected)
  expect(Object.fromEntries(headers)).toMatchObject(SECURITY_HEADERS)
})
