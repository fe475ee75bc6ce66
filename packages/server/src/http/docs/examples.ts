/** Makes whole examples out of the examples that the fields of the contract carry. */
import { isSchema, type JsonSchema, schemasIn, typesOf } from './schemas.ts'

/**
 * An example of what the schema describes, from the examples of its parts; undefined where a part that must be there has
 * none. The first word is that of the schema itself.
 */
export function exampleOf(schema: JsonSchema): unknown {
  const own = ownExample(schema)
  if (own !== undefined) return own
  const options = Array.isArray(schema.anyOf) ? schema.anyOf : []
  const [first] = options.filter(isSchema)
  if (first) return exampleOf(first)
  const types = typesOf(schema)
  if (types.includes('object')) return objectExample(schema)
  if (types.includes('array')) return listExample(schema)
  if (types.includes('null')) return null
  if (types.includes('boolean')) return true
  if (types.includes('integer')) return schema.minimum ?? 1
  return undefined
}

function ownExample(schema: JsonSchema): unknown {
  if (schema['x-example'] !== undefined) return schema['x-example']
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  return Array.isArray(schema.enum) ? schema.enum[0] : undefined
}

function objectExample(schema: JsonSchema): unknown {
  const required = Array.isArray(schema.required) ? schema.required : []
  const example: Record<string, unknown> = {}
  for (const [name, property] of schemasIn(schema.properties)) {
    if (property['x-upload']) continue
    const value = exampleOf(property)
    if (value !== undefined) example[name] = value
    else if (required.includes(name)) return undefined
  }
  return example
}

function listExample(schema: JsonSchema): unknown {
  const item = isSchema(schema.items) ? exampleOf(schema.items) : undefined
  return item === undefined ? [] : [item]
}
