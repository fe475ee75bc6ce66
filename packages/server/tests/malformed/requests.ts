/** Malformed requests, made from the published OpenAPI document: each has at least one fault. */
import fc from 'fast-check'
import { type RawBody, wrongMultipart, wrongUrlencoded } from './forms.ts'
import { wrongIdText, wrongJsonText, wrongText, wrongValue } from './values.ts'

type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  properties?: Readonly<Record<string, Schema>>
  items?: Schema
  examples?: readonly unknown[]
  enum?: readonly unknown[]
}>
type Parameter = Readonly<{ name: string; in: 'path' | 'query'; schema: Schema }>
type Operation = Readonly<{
  operationId: string
  parameters: readonly Parameter[]
  requestBody?: { content: Readonly<Record<string, { schema: Schema }>> }
}>

/** What is read of the document. */
export type Document = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: { schemas: Readonly<Record<string, Schema>> }
}>

/** A request as it goes over the wire. `token` is the caller's own unless it is part of what is wrong. */
export type RawRequest = Readonly<{
  operation: string
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  body?: Buffer
  token: 'own' | 'none' | string
}>

/** Ids that exist, for parameters that are not what is wrong, by the name of their collection. */
export type KnownIds = (path: string, parameter: string) => readonly string[]

/** Cursors of real lists: each is wrong at every list but its own. */
export type Source = Readonly<{ document: Document; known: KnownIds; cursors: readonly string[] }>

/** All malformed requests, of all operations alike. */
export function malformedRequest(source: Source): fc.Arbitrary<RawRequest> {
  const operations = Object.entries(source.document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      faultsOf(source, { path, method: method.toUpperCase(), operation }),
    ),
  )
  return fc.oneof(...operations)
}

type Place = { path: string; method: string; operation: Operation }

function faultsOf(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const { operation, method, path } = place
  const faults = [badToken(source, place)]
  if (operation.parameters.some((parameter) => parameter.in === 'path')) faults.push(badPath(source, place))
  // What takes things away does so whatever else is wrong, and the other requests need them.
  const isTaking = method === 'DELETE' || path.endsWith('/leave_room/')
  if (!isTaking) {
    faults.push(badMethod(source, place), badQuery(source, place), badHeaders(source, place))
    faults.push(badBody(source, place), badBody(source, place))
  }
  return fc.oneof(...faults)
}

function base(place: Place): Omit<RawRequest, 'path'> {
  return { operation: place.operation.operationId, method: place.method, headers: {}, token: 'own' }
}

function goodPath(source: Source, { path, operation }: Place): fc.Arbitrary<string> {
  const ids = operation.parameters.filter((parameter) => parameter.in === 'path')
  return fc
    .tuple(...ids.map(({ name }) => fc.constantFrom(...source.known(path, name))))
    .map((values) => fill(path, ids, values))
}

function badPath(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const ids = place.operation.parameters.filter((parameter) => parameter.in === 'path')
  const wrong = fc.oneof(
    { weight: 5, arbitrary: wrongIdText.map(encodeURIComponent) },
    { weight: 1, arbitrary: wrongText.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 60))) },
    { weight: 1, arbitrary: fc.constantFrom('%', '%ZZ', '%ED%A0%80', '%c0%80', '%2e%2e%2f', '', '/', ';a=b', '%23') },
  )
  return fc
    .tuple(fc.nat(), ...ids.map(({ name }) => fc.tuple(wrong, fc.constantFrom(...source.known(place.path, name)))))
    .map(([chosen, ...values]) => {
      const texts = values.map(([bad, good], index) => (index === chosen % ids.length ? bad : good))
      return { ...base(place), path: fill(place.path, ids, texts) }
    })
}

function fill(path: string, ids: readonly Parameter[], values: readonly string[]): string {
  return ids.reduce((filled, { name }, index) => filled.replace(`{${name}}`, () => values[index] ?? ''), path)
}

function badQuery(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const names = place.operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const value = fc.oneof(wrongText, wrongIdText, fc.constantFrom(...source.cursors), tamperedCursor(source.cursors))
  const pair = fc
    .tuple(fc.constantFrom(...names, 'cursor', 'limit', '__proto__', 'a[b]', '', 'format'), value)
    .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text.toWellFormed().slice(0, 3_000))}`)
  const raw = fc.constantFrom(
    '%',
    '%ZZ=%ZZ',
    '&&&',
    'cursor=%00',
    'cursor',
    'q=%ED%A0%80',
    'limit=1&limit=2',
    'a=1&'.repeat(1_500),
  )
  const query = fc.oneof(
    { weight: 8, arbitrary: fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) => pairs.join('&')) },
    { weight: 1, arbitrary: raw },
  )
  return fc.tuple(goodPath(source, place), query).map(([path, text]) => ({ ...base(place), path: `${path}?${text}` }))
}

/** Cursors with another position, list, direction or length inside, and such as are none. */
function tamperedCursor(cursors: readonly string[]): fc.Arbitrary<string> {
  const parsed = cursors.map((cursor): unknown[] => JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  const changed = fc
    .tuple(fc.constantFrom(...parsed), fc.nat(4), fc.oneof(wrongValue, fc.constant('2026-99-99')))
    .map(([parts, at, value]) => JSON.stringify([...parts.slice(0, at), value, ...parts.slice(at + 1)]))
  const cut = fc.constantFrom(...parsed).map((parts) => JSON.stringify(parts.slice(0, -1)))
  const encoded = fc
    .oneof(changed, cut, wrongJsonText)
    .map((text) => Buffer.from(text.slice(0, 2_000)).toString('base64url'))
  return fc.oneof(
    encoded,
    fc.constantFrom(...cursors).map((cursor) => `${cursor.slice(0, -3)}%%`),
  )
}

function badToken(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const header = fc.constantFrom(
    ...['none', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic YTpi', 'bearer x', 'Bearer .', 'Bearer ..', 'Bearer a.b.c'],
    ...['Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ.', `Bearer ${'t'.repeat(7_000)}`, 'Bearer \xff\xfe', 'null'],
    'Bearer eyJhbGciOiJIUzI1NiJ9.bnVsbA.x',
  )
  // No body: calls for everyone then lack all they need.
  return fc.tuple(goodPath(source, place), header).map(([path, token]) => ({ ...base(place), path, token }))
}

function badMethod(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const method = fc.constantFrom('PUT', 'PATCH', 'POST', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'LOCK')
  return fc.tuple(goodPath(source, place), method, wrongJsonText).map(([path, other, text]) => ({
    ...base(place),
    path,
    method: other,
    ...(other === 'TRACE' ? {} : json(text)),
  }))
}

function badHeaders(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const name = fc.constantFrom(
    ...['accept', 'idempotency-key', 'if-none-match', 'origin', 'cookie', 'x-forwarded-for', 'x-forwarded-host'],
    ...['accept-language', 'range', 'content-encoding', 'expect-ct', 'user-agent', 'x-http-method-override'],
  )
  const value = fc.constantFrom(
    '',
    '*',
    ',,,',
    '\xff\xfe\x80',
    'a'.repeat(9_000),
    '"',
    'http://',
    'null',
    '-1',
    'bytes=9-1',
  )
  return fc.tuple(goodPath(source, place), name, value, wrongJsonText).map(([path, header, text, body]) => ({
    ...base(place),
    path,
    headers: { [header]: text, ...(place.method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(place.method === 'GET' ? {} : { body: Buffer.from(body) }),
  }))
}

function badBody(source: Source, place: Place): fc.Arbitrary<RawRequest> {
  const schema = resolve(source.document, place.operation.requestBody?.content['application/json']?.schema ?? {})
  const names = ['content', ...Object.keys(schema.properties ?? {})]
  const body: fc.Arbitrary<RawBody> = fc.oneof(
    { weight: 6, arbitrary: wrongObject(source.document, schema).map((value) => ofJson(JSON.stringify(value))) },
    { weight: 2, arbitrary: wrongJsonText.map(ofJson) },
    { weight: 3, arbitrary: wrongMultipart(names) },
    { weight: 2, arbitrary: wrongUrlencoded(names) },
    {
      weight: 1,
      arbitrary: fc.tuple(wrongType, wrongJsonText).map(([type, text]) => ({ type, bytes: Buffer.from(text) })),
    },
  )
  return fc.tuple(goodPath(source, place), body).map(([path, { type, bytes }]) => ({
    ...base(place),
    path,
    headers: { 'content-type': type },
    body: bytes,
  }))
}

const wrongType = fc.constantFrom(
  ...[
    'text/plain',
    'application/xml',
    'application/octet-stream',
    '',
    '/',
    'application',
    'application/json; charset=utf-16',
  ],
  ...[
    'application/json, application/json',
    'application/jsonp',
    'image/png',
    'a/b; c="',
    `application/${'x'.repeat(500)}`,
  ],
)

/** An object of the schema's form in which at least one property is wrong or missing. */
function wrongObject(document: Document, schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return wrongValue
  return fc
    .tuple(
      fc.nat(properties.length - 1),
      ...properties.map(([, property]) =>
        fc.tuple(fc.constant(exampleOf(document, property)), fc.oneof(wrongValue, fc.constant(undefined)), fc.nat(7)),
      ),
    )
    .map(([certain, ...values]) =>
      Object.fromEntries(
        values.map(([good, bad, luck], index) => [
          properties[index]?.[0],
          index === certain || luck === 0 ? bad : good,
        ]),
      ),
    )
}

function exampleOf(document: Document, property: Schema): unknown {
  const schema = resolve(document, property)
  if (schema.examples) return schema.examples[0]
  if (schema.enum) return schema.enum[0]
  const type = [schema.type].flat()[0]
  if (type === 'integer') return 1
  if (type === 'boolean') return true
  return type === 'array' ? [] : null
}

function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components.schemas[name] ?? {})
}

function ofJson(text: string): RawBody {
  return { type: 'application/json', bytes: Buffer.from(text) }
}

function json(text: string): { headers: Record<string, string>; body: Buffer } {
  const { type, bytes } = ofJson(text)
  return { headers: { 'content-type': type }, body: bytes }
}
