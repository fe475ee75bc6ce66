import type { AnySchema } from 'ajv/dist/2020.js'
import { asList, asObject, at, PublishedDocument, patternOf, publications } from './published-document.ts'

/** A socket: which paths it has, and where the schemas of the frames stand that the server sends on it, by their type. */
type Channel = { pattern: RegExp; frames: Map<unknown, string[]> }

/**
 * The sockets as a server publishes them at `/api/schema/asyncapi/`. Every frame that a test gets is held against it: it
 * must be one of the messages that the server says it sends on that socket.
 */
export class PublishedSockets {
  readonly #document: PublishedDocument
  readonly #channels: Channel[]

  constructor(document: AnySchema) {
    this.#document = new PublishedDocument(document)
    this.#channels = Object.entries(asObject(at(this.#document.root, 'channels'))).map(([name, channel]) => ({
      pattern: patternOf(String(at(channel, 'address'))),
      frames: this.#framesOf(name),
    }))
  }

  /**
   * Holds a frame of the server against the document.
   *
   * @throws Error that says what is not as published
   */
  check(path: string, frame: unknown): void {
    const channel = this.#channels.find(({ pattern }) => pattern.test(path))
    if (!channel) throw new Error(`${path}: no such socket is published, and it sent ${JSON.stringify(frame)}`)
    const pointers = channel.frames.get(Reflect.get(Object(frame), 'type'))
    if (!pointers) throw new Error(`${path}: no such frame is published: ${JSON.stringify(frame)}`)
    const faults = pointers.map((pointer) => this.#document.faultsOf(frame, pointer))
    if (faults.includes(undefined)) return
    throw new Error(`${path}: a frame is not as published: ${faults.join(' ')} in ${JSON.stringify(frame)}`)
  }

  /** The frames that the server, whom the document describes, sends on a channel. */
  #framesOf(channel: string): Channel['frames'] {
    const frames: Channel['frames'] = new Map()
    for (const operation of Object.values(asObject(at(this.#document.root, 'operations')))) {
      if (at(operation, 'action') !== 'send') continue
      if (at(at(operation, 'channel'), '$ref') !== `#/channels/${channel}`) continue
      for (const message of asList(at(operation, 'messages'))) {
        const payload = this.#document.resolve(at(this.#document.resolve(message).value, 'payload'))
        if (payload.pointer === undefined) throw new Error(`a frame of ${channel} has no schema of its own`)
        const type = at(at(at(payload.value, 'properties'), 'type'), 'const')
        frames.set(type, [...(frames.get(type) ?? []), payload.pointer])
      }
    }
    return frames
  }
}

/** The published sockets of a server, fetched once. */
export const publishedSockets = publications(
  '/api/schema/asyncapi/?format=json',
  (document) => new PublishedSockets(document),
)
