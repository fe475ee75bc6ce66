import { expect, test } from 'vitest'
import { PublishedApi } from './published.ts'

const published = new PublishedApi({
  paths: {
    '/api/things/{id}/': {
      get: {
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          404: { $ref: '#/components/responses/Missing' },
          default: { $ref: '#/components/responses/Missing' },
        },
      },
      delete: { responses: { 204: { description: 'Done.' } } },
    },
    '/api/things/count/': {
      get: { responses: { 200: { content: { 'application/json': { schema: { type: 'integer' } } } } } },
    },
  },
  components: {
    schemas: { Thing: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } },
    responses: {
      Missing: {
        content: { 'application/json': { schema: { type: 'object', required: ['detail'], properties: {} } } },
      },
    },
  },
})

test.each([
  ['GET', '/api/things/1/', { status: 200, body: { id: 1, more: true } }],
  ['GET', '/api/things/1', { status: 404, body: { detail: 'Not found.' } }],
  ['GET', '/api/things/1/', { status: 409, body: { detail: 'Not now.' } }],
  ['GET', '/api/things/count/', { status: 200, body: 3 }],
  ['DELETE', '/api/things/1/', { status: 204, body: undefined }],
  ['GET', '/elsewhere/', { status: 200, body: 'anything' }],
])('%s %s may answer %o', (method, path, reply) => {
  expect(() => published.check(method, path, reply)).not.toThrow()
})

test.each([
  ['GET', '/api/things/1/', { status: 200, body: { id: 'one' } }, 'not as published'],
  ['GET', '/api/things/1/', { status: 201, body: { id: 1 } }, 'no answer 201 is published'],
  ['GET', '/api/things/1/', { status: 404, body: {} }, 'not as published'],
  ['GET', '/api/things/1/', { status: 418, body: 'tea' }, 'not as published'],
  ['DELETE', '/api/things/1/', { status: 204, body: {} }, 'without a body'],
])('%s %s may not answer %o', (method, path, reply, reason) => {
  expect(() => published.check(method, path, reply)).toThrow(reason)
})
