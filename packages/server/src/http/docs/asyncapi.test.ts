import { expect, test } from 'vitest'
import { buildAsyncApi } from './asyncapi.ts'

const document = buildAsyncApi({ name: 'chat.example.com', isSecure: true })

test.each(['chat', 'sidebar', 'notifications'])('the token in the URL is required of the socket %s', (name) => {
  expect(document).toHaveProperty(`channels.${name}.bindings.ws.query.required`, ['token'])
})

test('the gateway takes the token in the URL, and in other ways too', () => {
  expect(document).toHaveProperty('channels.gateway.bindings.ws.query.properties.token')
  expect(document).not.toHaveProperty('channels.gateway.bindings.ws.query.required')
})

test('a client of the gateway may ask whether the server is there, and answer when it is asked', () => {
  const references = ['Hello', 'Ping', 'Pong'].map((name) => ({ $ref: `#/channels/gateway/messages/${name}` }))
  expect(document).toHaveProperty('operations.receiveGateway.messages', expect.arrayContaining(references))
})
