/** The failures of the API as responses of the OpenAPI document, in the shapes of the contract's catalogue. */
import type { Endpoint } from '@confab/contract/endpoint'
import { type ErrorCode, errorBody, errorCatalogue } from '@confab/contract/errors'
import { badRequestExample, notFoundExample } from './error-examples.ts'
import type { JsonSchema } from './schemas.ts'

const SENTENCE = { type: 'string' }

/** The shapes of error bodies. */
export const errorSchemas: Record<string, JsonSchema> = {
  ErrorDetail: {
    title: 'ErrorDetail',
    type: 'object',
    required: ['detail'],
    properties: {
      detail: SENTENCE,
      code: { type: 'string', description: 'Of failures about tokens' },
      messages: { type: 'array', items: { type: 'object', additionalProperties: SENTENCE } },
    },
    additionalProperties: false,
  },
  ErrorSentence: {
    title: 'ErrorSentence',
    description: 'Failures about friends, and of logging out',
    type: 'object',
    required: ['error'],
    properties: { error: SENTENCE, message: SENTENCE },
    additionalProperties: false,
  },
  FieldErrors: {
    title: 'FieldErrors',
    description: 'What is wrong with each field; errors of a list’s items stand under their index',
    type: 'object',
    minProperties: 1,
    additionalProperties: {
      anyOf: [{ type: 'array', items: SENTENCE, minItems: 1 }, { $ref: '#/components/schemas/FieldErrors' }],
    },
  },
  RefusedQuery: { title: 'RefusedQuery', description: 'What is wrong with the query', type: 'array', items: SENTENCE },
}

const anyOf = (...names: string[]): JsonSchema => ({
  anyOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })),
})

type Failure = { description: string; schema: JsonSchema; code: ErrorCode; headers?: Record<string, string> }

const failures: Record<string, Failure> = {
  Unauthorized: {
    description: 'No access token was given, or it does not hold (any more).',
    schema: anyOf('ErrorDetail'),
    code: 'not_authenticated',
    headers: { 'WWW-Authenticate': 'Bearer realm="api"' },
  },
  Forbidden: {
    description: 'Not for this caller.',
    schema: anyOf('ErrorDetail', 'ErrorSentence'),
    code: 'not_allowed',
  },
  Throttled: {
    description: 'Too many calls of this rate class.',
    schema: anyOf('ErrorDetail'),
    code: 'throttled',
    headers: { 'Retry-After': 'Seconds until the next call may succeed' },
  },
  Unavailable: {
    description: 'The server cannot do it right now; nothing was changed.',
    schema: anyOf('ErrorDetail'),
    code: 'unavailable',
    headers: { 'Retry-After': 'Seconds until the next call may succeed' },
  },
  Failure: {
    description: 'Any other failure; `X-Error-Code` names it.',
    schema: anyOf('ErrorDetail', 'ErrorSentence', 'FieldErrors'),
    code: 'malformed_request',
  },
}

/** The `components.responses` of the document. */
export function errorResponses(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(failures).map(([name, { code, ...failure }]) => [
      name,
      responseOf({ ...failure, example: errorBody(code, { seconds: 3 }) }),
    ]),
  )
}

type Described = Omit<Failure, 'code'> & { example: unknown }

function responseOf({ description, schema, example, headers = {} }: Described): JsonSchema {
  return {
    description,
    headers: {
      'X-Error-Code': header('The stable name of the failure', Object.keys(errorCatalogue)),
      ...Object.fromEntries(Object.entries(headers).map(([key, text]) => [key, header(text)])),
    },
    content: { 'application/json': { schema, example } },
  }
}

function badRequest(example: unknown): JsonSchema {
  return responseOf({
    description: 'Something about the request is wrong; nothing was changed.',
    schema: anyOf('FieldErrors', 'ErrorDetail', 'ErrorSentence', 'RefusedQuery'),
    example,
  })
}

function notFound(example: unknown): JsonSchema {
  return responseOf({
    description: 'There is no such thing, or it is not the caller’s to see.',
    schema: anyOf('ErrorDetail', 'ErrorSentence'),
    example,
  })
}

function header(description: string, examples?: string[]): JsonSchema {
  return { description, schema: { type: 'string', ...(examples ? { examples: examples.slice(0, 3) } : {}) } }
}

/** How a call may fail. What no status names is `default`. */
export function failuresOf(endpoint: Endpoint): Record<string, JsonSchema> {
  const reference = (name: string) => ({ $ref: `#/components/responses/${name}` })
  const [wrong, missing] = [badRequestExample(endpoint), notFoundExample(endpoint)]
  return {
    ...(wrong === undefined ? {} : { 400: badRequest(wrong) }),
    ...(endpoint.access === 'public' ? {} : { 401: reference('Unauthorized') }),
    ...(['admin', 'sender', 'member'].includes(endpoint.access) ? { 403: reference('Forbidden') } : {}),
    ...(missing === undefined ? {} : { 404: notFound(missing) }),
    ...(endpoint.rate === 'none' ? {} : { 429: reference('Throttled') }),
    503: reference('Unavailable'),
    default: reference('Failure'),
  }
}
