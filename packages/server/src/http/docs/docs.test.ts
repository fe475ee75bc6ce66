import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { closeCodes } from '@confab/contract/close-codes'
import { startTestServer } from '@confab/testkit/server'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isSchema, type JsonSchema } from './schemas.ts'

const server = await startTestServer()
const { anonymous } = server

async function openApi(): Promise<Record<string, JsonSchema>> {
  return (await anonymous.get('/api/schema/?format=json')).body
}

async function asyncApi(): Promise<Record<string, JsonSchema>> {
  return (await anonymous.get('/api/schema/asyncapi/?format=json')).body
}

/** Every object of a document with the path to it. */
function* objectsIn(value: unknown, path = ''): Generator<[string, JsonSchema]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* objectsIn(item, `${path}/${index}`)
  if (!isSchema(value)) return
  yield [path, value]
  for (const [key, child] of Object.entries(value)) yield* objectsIn(child, `${path}/${key}`)
}

/** A compiler for schemas of the document, which may refer to its named ones. */
function compilerFor(document: object) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  const { components } = Object.fromEntries(Object.entries(document))
  return (schema: JsonSchema) => ajv.compile({ ...schema, components })
}

describe('the OpenAPI document', () => {
  test('it is OpenAPI 3.1 by the official schema', async () => {
    const document = await openApi()
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)))
    expect(result).toMatchObject({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  test('it names every endpoint that is served, once', async () => {
    const { paths } = await openApi()
    const published = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      Object.entries(isSchema(methods) ? methods : {}).map(
        ([method, operation]) => `${method} ${path} ${isSchema(operation) ? operation.operationId : ''}`,
      ),
    )
    const served = server.endpoints.map(
      ({ method, path, operationId }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')} ${operationId}`,
    )
    expect(published.sort()).toEqual([...served].sort())
    expect(new Set(server.endpoints.map((endpoint) => endpoint.operationId)).size).toBe(served.length)
  })

  test('every body that is JSON has an example, and every example is valid', async () => {
    const document = await openApi()
    const compile = compilerFor(document)
    const contents = [...objectsIn(document.paths), ...objectsIn(document.components)].flatMap(([path, object]) =>
      isSchema(object['application/json']) ? [[path, object['application/json']] as const] : [],
    )
    expect(contents.length).toBeGreaterThan(10)
    const wrong = contents.flatMap(([path, { schema, example }]) => {
      const validate = compile(isSchema(schema) ? schema : {})
      return validate(example) ? [] : [{ path, example, errors: validate.errors }]
    })
    expect(wrong).toEqual([])
  })

  test('every example of a field is valid for the field', async () => {
    const document = await openApi()
    const compile = compilerFor(document)
    const wrong = [...objectsIn(document)].flatMap(([path, object]) => {
      if (!Array.isArray(object.examples) || object.type === undefined) return []
      const validate = compile(object)
      return object.examples.every((example) => validate(example)) ? [] : [path]
    })
    expect(wrong).toEqual([])
  })

  test('it says who may call and what it counts against', async () => {
    const { paths } = await openApi()
    const operations = [...objectsIn(paths)].filter(([, object]) => object.operationId !== undefined)
    for (const [, operation] of operations) {
      expect(operation).toMatchObject({ 'x-access': expect.any(String), 'x-rate-class': expect.any(String) })
      expect(operation.security).toEqual(operation['x-access'] === 'public' ? [] : [{ bearer: [] }])
    }
  })

  test('none of our own hints to the body parser is told', async () => {
    const { components, paths } = await openApi()
    const hints = [...objectsIn(components), ...objectsIn(paths)].filter(
      ([, object]) => 'x-upload' in object || 'x-message' in object || 'x-untrimmed' in object,
    )
    expect(hints).toEqual([])
  })
})

describe('the AsyncAPI document', () => {
  test('it is AsyncAPI 3 by the official schema', async () => {
    const file = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json')
    // The schema brings the meta-schema that it is written in along.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false })
    const validate = ajv.compile(JSON.parse(await readFile(file, 'utf8')))
    expect(validate(await asyncApi()) ? [] : validate.errors).toEqual([])
  })

  test('it describes the gateway and the three sockets, with an example of every frame that is valid', async () => {
    const document = await asyncApi()
    expect(Object.values(document.channels ?? {}).map((channel) => isSchema(channel) && channel.address)).toEqual([
      '/ws/',
      '/ws/chat/{room}/',
      '/ws/sidebar/',
      '/ws/notifications/',
    ])
    const compile = compilerFor(document)
    const frames = [...objectsIn(document.components?.messages)].filter(([, object]) => 'payload' in object)
    const payloads = frames.flatMap(([path, { payload, examples }]) =>
      isSchema(payload) && payload.$ref ? [[path, payload, examples] as const] : [],
    )
    expect(payloads.length).toBeGreaterThan(50)
    const wrong: unknown[] = []
    for (const [path, payload, examples] of payloads) {
      const validate = compile(payload)
      const [example] = Array.isArray(examples) ? examples : []
      if (!validate(example?.payload)) wrong.push([path, example, validate.errors])
    }
    expect(wrong).toEqual([])
  })
})

test('the AsyncAPI document has every close code, and whether to come back after it', async () => {
  expect((await asyncApi())['x-close-codes']).toEqual(closeCodes)
})

describe('how they are served', () => {
  test.each([
    ['/api/schema/', undefined, 'application/vnd.oai.openapi'],
    ['/api/schema', undefined, 'application/vnd.oai.openapi'],
    ['/api/schema/', 'application/json', 'application/json'],
    ['/api/schema/?format=json', undefined, 'application/json'],
    ['/api/schema/?format=yaml', 'application/json', 'application/vnd.oai.openapi'],
    ['/api/schema/asyncapi/', undefined, 'application/vnd.aai.asyncapi+yaml'],
    ['/api/schema/asyncapi/', 'application/json', 'application/json'],
  ])('%s with Accept %s is %s', async (path, accept, contentType) => {
    const reply = await anonymous.get(path, { headers: { accept: accept ?? '*/*' } })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe(`${contentType}; charset=utf-8`)
  })

  test('YAML and JSON say the same', async () => {
    const yaml = await anonymous.get('/api/schema/?format=yaml')
    expect(parse(yaml.body)).toEqual(await openApi())
  })

  test.each(['/api/schema/swagger-ui/', '/api/schema/redoc/'])('%s is a page of this server alone', async (path) => {
    const page = await anonymous.get(path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(page.body).not.toMatch(/https?:\/\//)
    expect(page.body).not.toMatch(/<script(?! src=)/)
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file)
    expect(files).toHaveLength(4)
    for (const file of files) expect((await anonymous.get(file)).status).toBe(200)
  })

  test.each(['/api/schema/', '/api/schema/swagger-ui/', '/api/schema/redoc/', '/api/schema/assets/docs.js'])(
    '%s takes nothing',
    async (path) => {
      const reply = await anonymous.post(path, {})
      expect(reply).toMatchObject({ status: 405, body: { detail: 'Method "POST" not allowed.' } })
      expect(reply.headers.get('allow')).toMatch(/^GET, HEAD(, OPTIONS)?$/)
    },
  )

  test('a file that is not part of the pages is not there', async () => {
    expect(await anonymous.get('/api/schema/assets/package.json')).toMatchObject({ status: 404 })
    expect(await anonymous.get('/api/schema/assets/..%2Fpackage.json')).toMatchObject({ status: 404 })
  })

  test('/api/ lists the endpoints to start from, as this caller reaches them', async () => {
    const { body } = await anonymous.get('/api/')
    expect(body).toMatchObject({ schema: `${server.url}/api/schema/` })
  })
})
