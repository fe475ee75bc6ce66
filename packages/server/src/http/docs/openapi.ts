/** The REST API as an OpenAPI 3.1 document, made from the endpoints that are served and nothing else. */
import { type Access, type Endpoint, isSearchable } from '@confab/contract/endpoint'
import { errorCatalogue } from '@confab/contract/errors'
import { CONTRACT_VERSION } from '@confab/contract/version'
import { errorResponses, errorSchemas, failuresOf } from './error-responses.ts'
import { exampleOf } from './examples.ts'
import { type JsonSchema, plain, SchemaComponents, schemasIn, typesOf } from './schemas.ts'

const ACCESS: Record<Access, string> = {
  public: 'For everyone.',
  user: 'For whoever is logged in.',
  member: 'For members of the room; to others it does not exist.',
  admin: 'For admins of the group.',
  sender: 'For the sender of the message.',
  owner: 'For the person it belongs to; to others it does not exist.',
}

const DESCRIPTION = `A chat server with the wire contract of the Django Chat API.

Log in (\`POST /api/login/\`) and send \`Authorization: Bearer <access token>\` with every call. Every path works with
and without its trailing slash. Bodies are JSON, urlencoded or multipart forms; in a form a list is its field repeated.
Every failure carries its stable name in \`X-Error-Code\`; all of them are listed in \`x-error-codes\` below.
The sockets are described by the AsyncAPI document at \`/api/schema/asyncapi/\`.`

/** Builds the document. The order of the endpoints is that of the document. */
export function buildOpenApi(endpoints: readonly Endpoint[]): JsonSchema {
  const components = new SchemaComponents()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    const path = pathOf(endpoint)
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, components) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Confab',
      version: CONTRACT_VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...components.schemas, ...errorSchemas },
      responses: errorResponses(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of a login' },
      },
    },
    'x-error-codes': errorCatalogue,
  }
}

/** The path of an endpoint as OpenAPI writes it: `/api/chatrooms/{id}/`. */
export function pathOf(endpoint: Endpoint): string {
  return endpoint.path.replace(/:(\w+)/g, '{$1}')
}

function operationOf(endpoint: Endpoint, components: SchemaComponents): JsonSchema {
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: `${ACCESS[endpoint.access]} ${describeRate(endpoint)}`,
    'x-access': endpoint.access,
    'x-rate-class': endpoint.rate,
    security: endpoint.access === 'public' ? [] : [{ bearer: [] }],
    parameters: [
      ...parametersOf('path', endpoint.params, components),
      ...parametersOf('query', endpoint.query, components),
    ],
    ...(endpoint.body ? { requestBody: requestBodyOf(endpoint, plain(endpoint.body), components) } : {}),
    responses: { ...failuresOf(endpoint), ...answersOf(endpoint, components) },
  }
}

function describeRate(endpoint: Endpoint): string {
  const { rate } = endpoint
  if (rate === 'none') return 'Counts against no rate limit.'
  const more = isSearchable(endpoint) ? ' With `search` it counts against `search` (`RATE_SEARCH`) as well.' : ''
  return `Counts against the \`${rate}\` rate limit (\`RATE_${rate.toUpperCase()}\`).${more}`
}

function parametersOf(place: 'path' | 'query', rules: object | undefined, components: SchemaComponents) {
  const schema = plain(rules ?? {})
  const required = Array.isArray(schema.required) ? schema.required : []
  return schemasIn(schema.properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof description === 'string' ? { description } : {}),
    schema: components.publish(rest),
  }))
}

function requestBodyOf(endpoint: Endpoint, body: JsonSchema, components: SchemaComponents): JsonSchema {
  const name = `${endpoint.operationId.charAt(0).toUpperCase()}${endpoint.operationId.slice(1)}Body`
  const example = exampleOf(body)
  const json = {
    schema: components.publishAs(name, asJson(body)),
    ...(example === undefined ? {} : { example }),
  }
  const form = hasUpload(body) ? { schema: components.publishAs(`${name}Form`, asForm(body)) } : json
  return {
    required: Array.isArray(body.required) && body.required.length > 0,
    content: {
      'application/json': json,
      'multipart/form-data': form,
      'application/x-www-form-urlencoded': json,
    },
  }
}

function hasUpload(body: JsonSchema): boolean {
  return schemasIn(body.properties).some(([, property]) => property['x-upload'])
}

/** JSON cannot carry a file, only take one away. */
function asJson(body: JsonSchema): JsonSchema {
  return withUploads(body, ({ description }) => ({ type: 'null', description }))
}

function asForm(body: JsonSchema): JsonSchema {
  const { title: _title, ...rest } = body
  return withUploads(rest, ({ description }) => ({ type: 'string', format: 'binary', description }))
}

function withUploads(body: JsonSchema, change: (property: JsonSchema) => JsonSchema): JsonSchema {
  if (!hasUpload(body)) return body
  const properties = schemasIn(body.properties).map(([name, property]) => [
    name,
    property['x-upload'] ? change(property) : property,
  ])
  return { ...body, properties: Object.fromEntries(properties) }
}

/** What the endpoint itself answers; a failure among it has a body of its own. */
function answersOf(endpoint: Endpoint, components: SchemaComponents): JsonSchema {
  return Object.fromEntries(
    Object.entries(endpoint.responses).map(([status, schema]) => [
      status,
      status === '204' ? { description: 'Done.' } : answerOf(status, plain(schema), components),
    ]),
  )
}

function answerOf(status: string, schema: JsonSchema, components: SchemaComponents): JsonSchema {
  const example = exampleOf(schema)
  const isList = typesOf(schema).includes('array')
  return {
    description: describeStatus(status),
    ...(isList
      ? { headers: { Link: { description: 'Where the list goes on (RFC 8288)', schema: { type: 'string' } } } }
      : {}),
    content: {
      'application/json': {
        schema: components.publish(schema),
        ...(example === undefined ? {} : { example }),
      },
    },
  }
}

function describeStatus(status: string): string {
  if (status === '201') return 'Made.'
  return status === '503' ? 'It cannot be done right now.' : 'Done.'
}
