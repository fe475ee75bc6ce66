import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js'

/** What a JSON document holds under a key. */
export type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null | undefined

/** A document that a server publishes: what stands where in it, and what its schemas say of a value. */
export class PublishedDocument {
  readonly root: Json
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: AnySchema) {
    this.#ajv.addSchema(document, 'published')
    this.root = JSON.parse(JSON.stringify(document))
  }

  /** Follows a reference inside the document, and references to references. What is none stands for itself. */
  resolve(value: Json): { value: Json; pointer?: string } {
    const reference = at(value, '$ref')
    if (typeof reference !== 'string') return { value }
    const pointer = reference.slice(1)
    const target = pointer
      .split('/')
      .slice(1)
      .reduce<Json>((place, key) => at(place, key), this.root)
    return { pointer, ...this.resolve(target) }
  }

  /** What a value lacks of the schema at a pointer; undefined where nothing. */
  faultsOf(value: unknown, pointer: string): string | undefined {
    const validate = this.#validatorOf(pointer)
    return validate(value) ? undefined : JSON.stringify(validate.errors)
  }

  #validatorOf(pointer: string): ValidateFunction {
    const known = this.#validators.get(pointer)
    if (known) return known
    const validate = this.#ajv.compile({ $ref: `published#${encodeURI(pointer)}` })
    this.#validators.set(pointer, validate)
    return validate
  }
}

/** What an object holds under a key; of anything else nothing. */
export function at(value: Json, key: string): Json {
  return asObject(value)[key]
}

/** The object that a value is; of anything else an empty one. */
export function asObject(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {}
}

/** The list that a value is; of anything else an empty one. */
export function asList(value: Json): readonly Json[] {
  return typeof value === 'object' && value !== null && isList(value) ? value : []
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}

/** What a published path with `{parameters}` matches, with and without its trailing slash. */
export function patternOf(template: string): RegExp {
  const path = template.replace(/\/$/, '').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${path}/?$`)
}

/** A key as a part of a pointer. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/**
 * Reads what servers publish, each server once. What two servers say in the same words is read once for the process: tests
 * start many, and compiling the schemas takes longer than starting one.
 *
 * @param path where the document is, as JSON
 * @param read makes the reader of a document
 */
export function publications<Reader>(path: string, read: (document: AnySchema) => Reader) {
  const servers = new Map<string, Promise<Reader>>()
  const readers = new Map<string, Reader>()
  const fetchReader = async (baseUrl: string): Promise<Reader> => {
    const response = await fetch(baseUrl + path)
    if (!response.ok) throw new Error(`${baseUrl}${path} publishes nothing: ${response.status}`)
    const { servers: _where, ...said } = JSON.parse(await response.text())
    const words = JSON.stringify(said)
    const reader = readers.get(words) ?? read(said)
    readers.set(words, reader)
    return reader
  }
  return (baseUrl: string): Promise<Reader> => {
    const known = servers.get(baseUrl)
    if (known) return known
    const reader = fetchReader(baseUrl)
    servers.set(baseUrl, reader)
    reader.catch(() => servers.delete(baseUrl))
    return reader
  }
}
