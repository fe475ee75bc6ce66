import { type ErrorCode, type ErrorDetails, errorCatalogue, errorText } from '@confab/contract/errors'

/** A failure that the contract foresees: its catalogue entry says the status, the body and whether to try again. */
export class ChatError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  /** Seconds until the same call may succeed, where that is known. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(errorText(code, details), options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'ChatError'
    this.code = code
    this.details = details
    this.retryAfter = options.retryAfter
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/** What is wrong with each field; errors inside a list stand under the index of the item. */
export type FieldErrors = { [field: string]: string[] | { [index: string]: string[] | FieldErrors } }

/** Input that does not have the form the contract asks for: a 400 that names every field and what was expected. */
export class InvalidFields extends Error {
  readonly fields: FieldErrors | string[]

  constructor(fields: FieldErrors | string[]) {
    super(`invalid: ${Object.keys(fields).join(', ')}`)
    this.name = 'InvalidFields'
    this.fields = fields
  }
}

/** The same for one field. */
export function invalidField(field: string, ...messages: string[]): InvalidFields {
  return new InvalidFields({ [field]: messages })
}
