import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js'

/** What a JSON document holds under a key. */
type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null | undefined

/** An answer to be judged. */
export type Judged = { status: number; body: unknown }

/**
 * The API as a server publishes it at `/api/schema/`. Every answer that a test gets is held against it: success and
 * failure alike must be of a status and a form that the document promises.
 */
export class PublishedApi {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false })
  readonly #paths: { pattern: RegExp; template: string; methods: Json }[]
  readonly #document: Json
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: AnySchema) {
    this.#ajv.addSchema(document, 'api')
    this.#document = JSON.parse(JSON.stringify(document))
    this.#paths = Object.entries(asObject(at(this.#document, 'paths'))).map(([template, methods]) => ({
      pattern: new RegExp(`^${template.replace(/\/$/, '').replace(/\{\w+\}/g, '[^/]+')}/?$`),
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
    const response = this.#resolve(responses[status])
    const own = `/paths/${escaped(match.template)}/${verb}/responses/${status}`
    const pointer = `${response.pointer ?? own}/content/application~1json/schema`
    if (at(response.value, 'content') === undefined) {
      if (reply.body !== undefined) throw new Error(`${method} ${path}: ${reply.status} is published without a body`)
      return
    }
    const validate = this.#validatorOf(pointer)
    if (validate(reply.body)) return
    const wrong = JSON.stringify(validate.errors)
    throw new Error(`${method} ${path}: ${reply.status} not as published: ${wrong} in ${JSON.stringify(reply.body)}`)
  }

  /** Follows a reference inside the document. */
  #resolve(value: Json): { value: Json; pointer?: string } {
    const reference = at(value, '$ref')
    if (typeof reference !== 'string') return { value }
    const pointer = reference.slice(1)
    const resolved = pointer
      .split('/')
      .slice(1)
      .reduce<Json>((place, key) => at(place, key), this.#document)
    return { value: resolved, pointer }
  }

  #validatorOf(pointer: string): ValidateFunction {
    const known = this.#validators.get(pointer)
    if (known) return known
    const validate = this.#ajv.compile({ $ref: `api#${encodeURI(pointer)}` })
    this.#validators.set(pointer, validate)
    return validate
  }
}

const servers = new Map<string, Promise<PublishedApi>>()

/** The published API of a server, fetched once. */
export function publishedApi(baseUrl: string): Promise<PublishedApi> {
  const known = servers.get(baseUrl)
  if (known) return known
  const api = fetchDocument(baseUrl).then((document) => new PublishedApi(document))
  servers.set(baseUrl, api)
  api.catch(() => servers.delete(baseUrl))
  return api
}

async function fetchDocument(baseUrl: string): Promise<AnySchema> {
  const response = await fetch(`${baseUrl}/api/schema/?format=json`)
  if (!response.ok) throw new Error(`${baseUrl} publishes no API: ${response.status}`)
  return JSON.parse(await response.text())
}

function at(value: Json, key: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return asObject(value)[key]
}

function asObject(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {}
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}

function parametersIn(template: string): number {
  return template.split('{').length
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
