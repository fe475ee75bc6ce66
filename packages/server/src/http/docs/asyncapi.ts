/** The sockets as an AsyncAPI 3 document, made from the frames of the contract. */
import { closeCodes } from '@confab/contract/close-codes'
import { chatSocket } from '@confab/contract/compat/chat'
import { notificationsSocket } from '@confab/contract/compat/notifications'
import { sidebarSocket } from '@confab/contract/compat/sidebar'
import type { SocketDefinition } from '@confab/contract/define-socket'
import { gatewaySocket } from '@confab/contract/gateway/socket'
import { CONTRACT_VERSION } from '@confab/contract/version'
import { exampleOf } from './examples.ts'
import { type JsonSchema, plain, SchemaComponents, schemasIn } from './schemas.ts'

/** All sockets that clients may open. */
export const sockets: readonly SocketDefinition[] = [gatewaySocket, chatSocket, sidebarSocket, notificationsSocket]

const DESCRIPTION = `The sockets of a chat server with the wire contract of the Django Chat API.

The gateway \`/ws/\` is the one to build on; the three others are those of the Django Chat API. There the access token goes
into the query, \`?token=<access token>\`, and the handshake is refused with HTTP 403 where it does not hold or the room is
not the caller's, and with 404 on other paths. The gateway takes the token in three ways, and answers with close codes. Every path works with and without its trailing slash.
All frames are JSON text. A frame that cannot be understood is answered with an \`error\` frame; the socket stays open.
Why the server closed a socket, and whether to come back, is said by the close code: \`x-close-codes\` has all of them.`

/** Builds the document; `host` is where the reader of it reaches this server. */
export function buildAsyncApi(host: { name: string; isSecure: boolean }): JsonSchema {
  const components = new SchemaComponents()
  const messages = Object.fromEntries(
    sockets
      .flatMap((socket) => [...socket.sends, ...socket.takes])
      .map((frame) => [titleOf(frame), messageOf(plain(frame), components)]),
  )
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Confab sockets',
      version: CONTRACT_VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host: host.name,
        protocol: host.isSecure ? 'wss' : 'ws',
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: Object.fromEntries(sockets.map((socket) => [socket.name, channelOf(socket)])),
    operations: Object.fromEntries(sockets.flatMap(operationsOf)),
    components: {
      messages,
      schemas: components.schemas,
      securitySchemes: { token: { type: 'httpApiKey', name: 'token', in: 'query', description: 'An access token' } },
    },
    'x-close-codes': closeCodes,
  }
}

function titleOf(frame: object): string {
  const { title } = plain(frame)
  if (typeof title !== 'string') throw new Error('a frame needs a title')
  return title
}

function messageOf(frame: JsonSchema, components: SchemaComponents): JsonSchema {
  const example = exampleOf(frame)
  return {
    name: titleOf(frame),
    payload: components.publish(frame),
    ...(example === undefined ? {} : { examples: [{ payload: example }] }),
  }
}

function channelOf(socket: SocketDefinition): JsonSchema {
  const frames = [...socket.sends, ...socket.takes].map(titleOf)
  const parameters = schemasIn(socket.params?.properties).map(([name]) => [
    name,
    { description: `The id of a ${name}` },
  ])
  return {
    address: socket.path.replace(/:(\w+)/g, '{$1}'),
    description: socket.summary,
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
    messages: Object.fromEntries(frames.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      ws: {
        method: 'GET',
        query: { type: 'object', properties: { token: { type: 'string' } }, ...requiredIn(socket) },
      },
    },
  }
}

/** The old sockets know no other way to say who one is; the gateway takes the token as a protocol or in `hello` too. */
function requiredIn(socket: SocketDefinition): JsonSchema {
  return socket === gatewaySocket ? {} : { required: ['token'] }
}

/** The server is the application that the document describes: what it sends, and what it receives. */
function operationsOf(socket: SocketDefinition): [string, JsonSchema][] {
  const operation = (action: 'send' | 'receive', frames: SocketDefinition['sends']): JsonSchema => ({
    action,
    channel: { $ref: `#/channels/${socket.name}` },
    messages: frames.map((frame) => ({ $ref: `#/channels/${socket.name}/messages/${titleOf(frame)}` })),
  })
  const name = socket.name.charAt(0).toUpperCase() + socket.name.slice(1)
  return [
    [`send${name}`, operation('send', socket.sends)],
    ...(socket.takes.length > 0
      ? [[`receive${name}`, operation('receive', socket.takes)] satisfies [string, JsonSchema]]
      : []),
  ]
}
