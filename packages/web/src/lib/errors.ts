import { ConfabError } from '@confab/client'

/** The texts of failures that people meet; what is not here is said in the words of the server. */
const keys: Readonly<Record<string, string>> = {
  network: 'error.network',
  timeout: 'error.timeout',
  unknown: 'error.unknown',
  throttled: 'error.throttled',
  unavailable: 'error.unavailable',
  internal: 'error.internal',
  not_authenticated: 'error.not_authenticated',
  token_not_valid: 'error.not_authenticated',
  refresh_not_valid: 'error.not_authenticated',
  not_allowed: 'error.not_allowed',
  login_failed: 'error.login_failed',
  username_taken: 'error.username_taken',
  email_taken: 'error.email_taken',
  room_not_found: 'error.room_not_found',
  link_not_found: 'error.link_not_found',
  user_not_found: 'error.user_not_found',
  message_not_found: 'error.message_not_found',
  cannot_message: 'error.cannot_message',
  not_to_be_added: 'error.not_to_be_added',
  group_too_large: 'error.group_too_large',
  last_admin: 'error.last_admin',
  only_admin: 'error.last_admin',
  image_invalid: 'error.image_invalid',
  image_too_large: 'error.image_too_large',
  body_too_large: 'error.image_too_large',
  image_too_many_pixels: 'error.image_too_large',
}

/** The key of the text for a failure, or undefined where the server's words have to do. */
export function errorKey({ code, status }: Pick<ConfabError, 'code' | 'status'>): string | undefined {
  return keys[code] ?? (status >= 500 ? keys.internal : undefined)
}

/** What is wrong with each field of a form, in the server's words; the first sentence of each. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ConfabError)) return {}
  return Object.fromEntries(
    Object.entries(error.fields).flatMap(([field, said]) => {
      const sentence = firstSentence(said)
      return sentence === undefined ? [] : [[field, sentence]]
    }),
  )
}

/** Whether a failure is about fields that the form shows, so that nothing more has to be said of it. */
export function isAboutFields(error: unknown, fields: readonly string[]): boolean {
  return Object.keys(fieldErrors(error)).some((field) => fields.includes(field))
}

function firstSentence(said: unknown): string | undefined {
  if (typeof said === 'string') return said
  if (typeof said !== 'object' || said === null) return undefined
  return Object.values(said)
    .map(firstSentence)
    .find((found) => found !== undefined)
}
