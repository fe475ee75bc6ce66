/**
 * Reads what a client sent into what a schema of the contract describes, as the Django Chat API reads it: text is
 * trimmed, numbers may be given for text and numeric strings for ids, forms repeat a field for a list and have only
 * strings, unknown fields are ignored, and every error is a sentence under the name of its field.
 */
import { MAX_ID } from '@confab/contract/fields'
import type { TSchema } from 'typebox'
import { type FieldErrors, InvalidFields } from '../chat-error.ts'
import { isEmail } from '../lib/email.ts'
import { Form } from './form.ts'

/** The JSON Schema keywords that the contract's request schemas use. */
type Rules = {
  type?: string | string[]
  properties?: Record<string, Rules>
  required?: string[]
  items?: Rules
  anyOf?: Rules[]
  enum?: unknown[]
  const?: unknown
  minLength?: number
  maxLength?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  pattern?: string
  format?: string
  'x-untrimmed'?: boolean
  'x-upload'?: string
  'x-message'?: string
}

type Failure = { errors: FieldErrors[string] }
type Outcome = { value: unknown } | Failure

const fail = (...messages: string[]): Failure => ({ errors: messages })

/**
 * Reads a JSON value or a form by an object schema.
 *
 * @throws InvalidFields with all that is wrong
 */
export function parseObject(schema: TSchema, raw: unknown): Record<string, unknown> {
  const result = readObject(schema as Rules, raw)
  if ('errors' in result) throw new InvalidFields(result.errors as FieldErrors)
  return result.value as Record<string, unknown>
}

function readObject(rules: Rules, raw: unknown): { value: Record<string, unknown> } | { errors: FieldErrors } {
  if (raw === null) return { errors: { non_field_errors: ['No data provided'] } }
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    return { errors: { non_field_errors: [`Invalid data. Expected a dictionary, but got ${pythonType(raw)}.`] } }
  }
  const errors: FieldErrors = {}
  const value: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(rules.properties ?? {})) {
    const given = raw instanceof Form ? formValue(field, raw, name) : jsonValue(raw, name)
    if (given === undefined) {
      if (rules.required?.includes(name)) errors[name] = ['This field is required.']
      continue
    }
    const outcome = readField(field, given)
    if ('errors' in outcome) errors[name] = outcome.errors
    else value[name] = outcome.value
  }
  return Object.keys(errors).length > 0 ? { errors } : { value }
}

function jsonValue(raw: object, name: string): unknown {
  return Object.hasOwn(raw, name) ? Reflect.get(raw, name) : undefined
}

/** In a form an empty field stands for null where null is possible and empty text is not. */
function formValue(rules: Rules, form: Form, name: string): unknown {
  const values = form.fields.get(name)
  if (values === undefined) return undefined
  if (hasType(rules, 'array')) return values
  const value = values.at(-1)
  return value === '' && hasType(rules, 'null') && !allowsBlank(rules) ? null : value
}

function readField(rules: Rules, given: unknown): Outcome {
  if (given === null) return hasType(rules, 'null') ? { value: null } : fail('This field may not be null.')
  if (rules['x-upload'] === 'image-or-url' && typeof given === 'string') return { value: undefined }
  if (rules['x-upload']) return readUpload(given)
  const choices = choicesOf(rules)
  if (choices) return readChoice(choices, given)
  if (hasType(rules, 'string')) return readText(rules, given)
  if (hasType(rules, 'integer')) return readInteger(rules, given)
  if (hasType(rules, 'boolean')) return readBoolean(given)
  if (hasType(rules, 'array')) return readList(rules, given)
  if (hasType(rules, 'object')) return readObject(rules, given)
  return { value: given }
}

function readUpload(given: unknown): Outcome {
  if (typeof given !== 'object' || given === null || !('bytes' in given) || !(given.bytes instanceof Uint8Array)) {
    return fail('The submitted data was not a file. Check the encoding type on the form.')
  }
  return given.bytes.length === 0 ? fail('The submitted file is empty.') : { value: given }
}

function readText(rules: Rules, given: unknown): Outcome {
  if (typeof given !== 'string' && typeof given !== 'number') return fail('Not a valid string.')
  const typed = String(given).toWellFormed()
  const value = rules['x-untrimmed'] ? typed : typed.trim()
  if (value.includes('\0')) return fail('Null characters are not allowed.')
  if (value === '') return allowsBlank(rules) ? { value } : fail('This field may not be blank.')
  const messages: string[] = []
  if (rules.maxLength !== undefined && isLongerThan(value, rules.maxLength)) {
    messages.push(`Ensure this field has no more than ${rules.maxLength} characters.`)
  }
  if (rules.pattern && !patternOf(rules.pattern).test(value))
    messages.push(rules['x-message'] ?? 'Enter a valid value.')
  if (rules.format === 'email' && !isEmail(value)) messages.push('Enter a valid email address.')
  return messages.length > 0 ? fail(...messages) : { value }
}

/** Counts characters (code points), as Python does. */
export function isLongerThan(text: string, characters: number): boolean {
  if (text.length <= characters) return false
  let count = 0
  for (const _ of text) if (++count > characters) return true
  return false
}

/** An id beyond what JSON can carry exactly belongs to nothing; the largest possible one stands for it. */
function readInteger(rules: Rules, given: unknown): Outcome {
  const wanted = fail('A valid integer is required.')
  if (typeof given === 'string' && !/^\s*[+-]?\d{1,1000}(\.0*)?\s*$/.test(given)) return wanted
  if (typeof given !== 'string' && typeof given !== 'number') return wanted
  const number = Number(given)
  if (!Number.isFinite(number) && typeof given === 'number') return wanted
  if (Number.isFinite(number) && !Number.isInteger(number)) return wanted
  const value = Number.isSafeInteger(number) ? number : MAX_ID
  if (rules.maximum !== undefined && rules.maximum < MAX_ID && value > rules.maximum) {
    return fail(`Ensure this value is less than or equal to ${rules.maximum}.`)
  }
  return { value }
}

const TRUE = new Set<unknown>([true, 1, 't', 'y', 'yes', 'true', 'on', '1'])
const FALSE = new Set<unknown>([false, 0, 'f', 'n', 'no', 'false', 'off', '0'])

function readBoolean(given: unknown): Outcome {
  const key = typeof given === 'string' ? given.trim().toLowerCase() : given
  if (TRUE.has(key)) return { value: true }
  if (FALSE.has(key)) return { value: false }
  return fail('Must be a valid boolean.')
}

function readChoice(choices: unknown[], given: unknown): Outcome {
  if (choices.includes(given)) return { value: given }
  return fail(`${JSON.stringify(given)?.slice(0, 100) ?? 'This'} is not a valid choice.`)
}

function readList(rules: Rules, given: unknown): Outcome {
  if (!Array.isArray(given)) return fail(`Expected a list of items but got type "${pythonType(given)}".`)
  if (rules.maxItems !== undefined && given.length > rules.maxItems) {
    return fail(`Ensure this field has no more than ${rules.maxItems} elements.`)
  }
  const errors: FieldErrors = {}
  const value: unknown[] = []
  for (const [index, item] of given.entries()) {
    const outcome = readField(rules.items ?? {}, item)
    if ('errors' in outcome) errors[index] = outcome.errors
    else value.push(outcome.value)
  }
  return Object.keys(errors).length > 0 ? { errors } : { value }
}

function choicesOf(rules: Rules): unknown[] | undefined {
  if (rules.enum) return rules.enum
  if (rules.anyOf?.every((option) => 'const' in option)) return rules.anyOf.map((option) => option.const)
  return undefined
}

function hasType(rules: Rules, type: string): boolean {
  return Array.isArray(rules.type) ? rules.type.includes(type) : rules.type === type
}

function allowsBlank(rules: Rules): boolean {
  return hasType(rules, 'string') && !rules['x-upload'] && !choicesOf(rules) && (rules.minLength ?? 0) === 0
}

const patterns = new Map<string, RegExp>()

function patternOf(source: string): RegExp {
  const known = patterns.get(source)
  if (known) return known
  const pattern = new RegExp(source, 'u')
  patterns.set(source, pattern)
  return pattern
}

/** How the original names the type of a JSON value in its error messages. */
function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return typeof value === 'string' ? 'str' : 'dict'
}
