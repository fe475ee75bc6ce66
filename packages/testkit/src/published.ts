import type { AnySchema } from 'ajv/dist/2020.js'
import { asObject, at, escaped, type Json, PublishedDocument, patternOf, publications } from './published-document.ts'

/** An answer to be judged. */
export type Judged = { status: number; body: unknown }

/**
 * The API as a server publishes it at `/api/schema/`. Every answer that a test gets is held against it: success and
 * failure alike must be of a status and a form that the document promises.
 */
export class PublishedApi {
  readonly #document: PublishedDocument
  readonly #paths: { pattern: RegExp; template: string; methods: Json }[]

  constructor(document: AnySchema) {
    this.#document = new PublishedDocument(document)
    this.#paths = Object.entries(asObject(at(this.#document.root, 'paths'))).map(([template, methods]) => ({
      pattern: patternOf(template),
      template,
      methods,
    }))
    // A path without parameters is meant before one that a parameter would match: …/notifications/unread/.
    this.#paths.sort((one, other) => parametersIn(one.template) - parametersIn(other.template))
  }

  /**
   * Holds an answer against the document. Paths and methods that are not in it are not judged.
   *
   * @throws Error that says what is not as published
   */
  check(method: string, path: string, reply: Judged): void {
    const verb = method.toLowerCase()
    const match = this.#paths.find((candidate) => candidate.pattern.test(path))
    const responses = asObject(at(at(match?.methods, verb), 'responses'))
    if (!match || Object.keys(responses).length === 0) return
    const status = String(reply.status) in responses ? String(reply.status) : 'default'
    if (status === 'default' && reply.status < 400) {
      throw new Error(`${method} ${path}: no answer ${reply.status} is published`)
    }
    const response = this.#document.resolve(responses[status])
    const own = `/paths/${escaped(match.template)}/${verb}/responses/${status}`
    const pointer = `${response.pointer ?? own}/content/application~1json/schema`
    if (at(response.value, 'content') === undefined) {
      if (reply.body !== undefined) throw new Error(`${method} ${path}: ${reply.status} is published without a body`)
      return
    }
    const faults = this.#document.faultsOf(reply.body, pointer)
    if (faults === undefined) return
    throw new Error(`${method} ${path}: ${reply.status} not as published: ${faults} in ${JSON.stringify(reply.body)}`)
  }
}

/** The published API of a server, fetched once. */
export const publishedApi = publications('/api/schema/?format=json', (document) => new PublishedApi(document))

function parametersIn(template: string): number {
  return template.split('{').length
}
