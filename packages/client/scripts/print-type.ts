/** Prints the contract's schemas as TypeScript, so that users of the package need none of the schemas themselves. */

/** As much of a JSON Schema as the contract uses. */
export type Schema = {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly 'x-upload'?: 'image' | 'image-or-url'
}

/** The schema as it is in JSON, without what only the schema library knows of it. */
export function plain(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema))
}

const UPLOADS = { image: 'Blob | null', 'image-or-url': 'Blob | string | null' }

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** Prints types, and gathers those that have a title as interfaces of that name. */
export class TypePrinter {
  readonly #named = new Map<string, string>()

  /** The interfaces printed so far, each once, in the order in which they were met. */
  get interfaces(): string {
    return [...this.#named.values()].join('\n\n')
  }

  /** A schema as a type expression. A title makes it the name of an interface. */
  print(schema: Schema): string {
    if (schema['x-upload']) return UPLOADS[schema['x-upload']]
    if (schema.const !== undefined) return JSON.stringify(schema.const)
    if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
    if (schema.anyOf) return schema.anyOf.map((one) => this.print(one)).join(' | ')
    const types = [schema.type ?? 'unknown'].flat()
    return types.map((type) => this.#printAs(type, schema)).join(' | ')
  }

  #printAs(type: string, schema: Schema): string {
    if (type === 'object') return this.#printObject(schema)
    if (type === 'array') return `readonly ${arrayOf(this.print(schema.items ?? {}))}`
    return PRIMITIVES[type] ?? 'unknown'
  }

  #printObject(schema: Schema): string {
    const [record] = Object.values(schema.patternProperties ?? {})
    if (record) return `Readonly<Record<string, ${this.print(record)}>>`
    const fields = this.#printFields(schema)
    if (schema.title === undefined) return fields
    if (!this.#named.has(schema.title)) this.#named.set(schema.title, `export type ${schema.title} = ${fields}`)
    return schema.title
  }

  #printFields({ properties = {}, required = [] }: Schema): string {
    const fields = Object.entries(properties).map(([name, field]) => {
      const doc = field.description === undefined ? '' : `/** ${field.description} */\n`
      return `${doc}readonly ${name}${required.includes(name) ? '' : '?'}: ${this.print(field)}\n`
    })
    return fields.length === 0 ? 'Readonly<Record<never, never>>' : `{\n${indented(fields.join(''))}}`
  }
}

function arrayOf(item: string): string {
  return /^[\w.]+$/.test(item) ? `${item}[]` : `(${item})[]`
}

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ')
}
