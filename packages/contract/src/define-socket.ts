import Type, { type TObject, type TProperties } from 'typebox'
import type { Endpoint } from './endpoint.ts'

/** One of the sockets: where it is, and the frames that go either way. Frames are JSON text. */
export type SocketDefinition = Readonly<{
  name: string
  /** With `:name` parameters and a trailing slash; it answers without the slash too. */
  path: Endpoint['path']
  summary: string
  params?: TObject
  /** What the server sends. */
  sends: readonly TObject[]
  /** What clients may send. Anything else is answered with an `error` frame, and the socket stays open. */
  takes: readonly TObject[]
}>

/** Declares a socket. */
export function defineSocket(socket: SocketDefinition): SocketDefinition {
  return Object.freeze(socket)
}

/** Declares a frame that says what it is in its `type`. */
export function frame<const Name extends string, const Title extends string, P extends TProperties>(
  type: Name,
  title: Title,
  data: P,
) {
  return Type.Object({ type: Type.Literal(type), ...data }, { title })
}

/** The server could not understand a frame of the client. */
export const ErrorFrame = frame('error', 'ErrorFrame', {
  message: Type.String({ description: 'What was wrong', examples: ['Invalid JSON format'] }),
})
