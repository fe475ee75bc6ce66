/**
 * Image URLs are site-relative (`/media/…`) everywhere inside the server, because one event goes to callers who reach it
 * under different names. At the border they become absolute. Where they stand is known from the schema.
 */
import type { TSchema } from 'typebox'

type Rules = {
  type?: string | string[]
  format?: string
  properties?: Record<string, Rules>
  items?: Rules
}

/** Gives back the value with its relative URLs under the base; the value itself is left as it is. */
export type Absolutize = <T>(value: T, baseUrl: string) => T

const unchanged: Absolutize = (value) => value

/** Compiles the function for values of a schema; for a schema without URLs it does nothing at no cost. */
export function compileAbsolutize(schema: TSchema): Absolutize {
  const convert = compile(schema as Rules)
  return convert ? <T>(value: T, baseUrl: string) => convert(value, baseUrl) as T : unchanged
}

type Convert = (value: unknown, baseUrl: string) => unknown

function compile(rules: Rules): Convert | undefined {
  if (rules.format === 'uri') {
    return (value, baseUrl) => (typeof value === 'string' && value.startsWith('/') ? baseUrl + value : value)
  }
  if (rules.items) return compileList(rules.items)
  if (rules.properties) return compileObject(rules.properties)
  return undefined
}

function compileList(items: Rules): Convert | undefined {
  const convert = compile(items)
  if (!convert) return undefined
  return (value, baseUrl) => (Array.isArray(value) ? value.map((item) => convert(item, baseUrl)) : value)
}

function compileObject(properties: Record<string, Rules>): Convert | undefined {
  const fields = Object.entries(properties).flatMap(([name, rules]) => {
    const convert = compile(rules)
    return convert ? [[name, convert] as const] : []
  })
  if (fields.length === 0) return undefined
  return (value, baseUrl) => {
    if (typeof value !== 'object' || value === null) return value
    const copy: Record<string, unknown> = { ...value }
    for (const [name, convert] of fields) if (name in copy) copy[name] = convert(copy[name], baseUrl)
    return copy
  }
}
