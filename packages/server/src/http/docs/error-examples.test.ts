import type { Endpoint } from '@confab/contract/endpoint'
import { startTestServer } from '@confab/testkit/server'
import { expect, test } from 'vitest'
import { buildOpenApi, pathOf } from './openapi.ts'
import { isSchema, type JsonSchema } from './schemas.ts'

const server = await startTestServer()
const [ada, bob] = await server.people('ada', 'bob')
const { id: room } = await server.group(ada, [bob])
const document = buildOpenApi(server.endpoints)

const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((found, key) => (isSchema(found) ? found[key] : undefined), value)

const operationOf = (endpoint: Endpoint) => at(document.paths, pathOf(endpoint), endpoint.method.toLowerCase())

/** What the document says of a failure of an endpoint. */
const publishedOf = (endpoint: Endpoint, status: string) =>
  at(operationOf(endpoint), 'responses', status, 'content', 'application/json', 'example')

/** The path, with nobody's id as the last of its ids. */
const missingIn = ({ path }: Endpoint) => path.replace(/:room(?=.*:)/, String(room)).replace(/:\w+/, '999999999')

/** The endpoints that have such an example, and what the server answers to a call of each. */
async function askAll(status: string, ask: (endpoint: Endpoint) => Promise<{ status: number; body: unknown }>) {
  const published: Record<string, unknown> = {}
  const answered: Record<string, unknown> = {}
  for (const endpoint of server.endpoints) {
    const example = publishedOf(endpoint, status)
    if (example === undefined) continue
    const { status: given, body } = await ask(endpoint)
    published[endpoint.operationId] = [Number(status), example]
    answered[endpoint.operationId] = [given, body]
  }
  expect(Object.keys(published).length).toBeGreaterThan(10)
  return { published, answered }
}

test('what is published of a call for what is not there is what the server answers', async () => {
  const { published, answered } = await askAll('404', (endpoint) => {
    const body = at(operationOf(endpoint), 'requestBody', 'content', 'application/json', 'example')
    const path = endpoint.params ? missingIn(endpoint) : `${endpoint.path}?cursor=nothing&q=tea`
    return ada.request(endpoint.method, path, body)
  })

  expect(answered).toEqual(published)
})

test('what is published of a call that lacks what it must have is what the server answers', async () => {
  const { published, answered } = await askAll('400', (endpoint) => {
    const path = missingIn(endpoint)
    const required: JsonSchema[string] = endpoint.body?.required
    if (Array.isArray(required) && required.length > 0) return ada.request(endpoint.method, path, {})
    const headers = { 'content-type': 'application/json' }
    if (endpoint.body) return ada.request(endpoint.method, path, undefined, { raw: '[', headers })
    const [name] = Object.keys(endpoint.query?.properties ?? {})
    return ada.request(endpoint.method, `${path}?${name}=%00`)
  })

  expect(answered).toEqual(published)
})
