/** Turns the contract's schemas into those of a published document: named ones once, by reference; our hints left out. */

/** A JSON Schema, as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Where both OpenAPI and AsyncAPI keep the schemas that have a name. */
const HOME = '#/components/schemas/'

/** Gathers the named schemas of a document. */
export class SchemaComponents {
  readonly schemas: Record<string, JsonSchema> = {}

  /**
   * The schema as it stands in the document: a reference where it has a title, itself where it has none.
   *
   * @throws Error where two different schemas have one title
   */
  publish(schema: JsonSchema): JsonSchema {
    const { title } = schema
    return typeof title === 'string' ? this.#publishNamed(title, schema) : this.#publishInline(schema)
  }

  /** The same under a name, whether it has a title or not. */
  publishAs(name: string, schema: JsonSchema): JsonSchema {
    return this.#publishNamed(typeof schema.title === 'string' ? schema.title : name, schema)
  }

  #publishNamed(name: string, schema: JsonSchema): JsonSchema {
    const types = typesOf(schema)
    const isNullable = types.includes('null') && types.length > 1
    const bare = isNullable ? { ...schema, type: types.find((type) => type !== 'null') } : schema
    const published = { ...this.#publishInline(bare), title: name }
    const known = this.schemas[name]
    if (known && JSON.stringify(known) !== JSON.stringify(published)) {
      throw new Error(`two different schemas are titled ${name}`)
    }
    this.schemas[name] = published
    const reference = { $ref: HOME + name }
    return isNullable ? { anyOf: [reference, { type: 'null' }] } : reference
  }

  #publishInline(schema: JsonSchema): JsonSchema {
    return Object.fromEntries(
      Object.entries(schema)
        .filter(([keyword]) => !keyword.startsWith('x-'))
        .map(([keyword, value]) => [keyword, this.#publishKeyword(keyword, value)]),
    )
  }

  #publishKeyword(keyword: string, value: unknown): unknown {
    if (keyword === 'properties' || keyword === 'patternProperties') {
      return Object.fromEntries(schemasIn(value).map(([name, schema]) => [name, this.publish(schema)]))
    }
    if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'allOf') {
      return Array.isArray(value) ? value.map((schema) => (isSchema(schema) ? this.publish(schema) : schema)) : value
    }
    if ((keyword === 'items' || keyword === 'additionalProperties') && isSchema(value)) return this.publish(value)
    return value
  }
}

/** A schema of the contract as the plain data that it is. */
export function plain(schema: object): JsonSchema {
  return { ...schema }
}

/** Whether a value is a schema of its own, and not `true`, `false` or a list. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schemas of a `properties` keyword, by name. */
export function schemasIn(properties: unknown): [string, JsonSchema][] {
  if (!isSchema(properties)) return []
  return Object.entries(properties).flatMap(([name, schema]) => (isSchema(schema) ? [[name, schema]] : []))
}

/** The types a schema allows; empty where it does not say. */
export function typesOf(schema: JsonSchema): unknown[] {
  if (schema.type === undefined) return []
  return Array.isArray(schema.type) ? schema.type : [schema.type]
}
