import Type, { type TSchema } from 'typebox'
import { defineEndpoint } from '../endpoint.ts'

/** In which form a document is wanted; without it the `Accept` header says. */
const FormatQuery = Type.Object({
  format: Type.Optional(Type.String({ description: '`json` or `yaml`', examples: ['json'] })),
})

/** A document as JSON, or the text of it as YAML. */
function documentOf<T extends TSchema>(json: T) {
  return Type.Union([json, Type.String({ description: 'The same as YAML' })])
}

const about = { tag: 'docs', method: 'GET', access: 'public', rate: 'read' } as const

export const getApiRoot = defineEndpoint({
  ...about,
  operationId: 'getApiRoot',
  path: '/api/',
  summary: 'The top endpoints, by name.',
  responses: {
    200: Type.Record(Type.String(), Type.String({ format: 'uri' }), {
      examples: [{ users: 'https://chat.example.com/api/users/' }],
    }),
  },
})

export const getOpenApi = defineEndpoint({
  ...about,
  operationId: 'getOpenApi',
  path: '/api/schema/',
  summary: 'This API as OpenAPI 3.1: YAML, or JSON by `Accept` or `?format=json`.',
  query: FormatQuery,
  responses: {
    200: documentOf(Type.Object({ openapi: Type.String({ examples: ['3.1.0'] }) }, { additionalProperties: true })),
  },
})

export const getAsyncApi = defineEndpoint({
  ...about,
  operationId: 'getAsyncApi',
  path: '/api/schema/asyncapi/',
  summary: 'The sockets as AsyncAPI 3: YAML, or JSON by `Accept` or `?format=json`.',
  query: FormatQuery,
  responses: {
    200: documentOf(Type.Object({ asyncapi: Type.String({ examples: ['3.0.0'] }) }, { additionalProperties: true })),
  },
})
