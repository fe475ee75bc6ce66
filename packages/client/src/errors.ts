import type { ErrorCode } from './contract.gen.ts'

/**
 * Why something failed: a code of the server's catalogue, or, where no answer came, `network` (the server could not be
 * reached, or the connection broke: whether the call was carried out is unknown), `timeout` (the same, after waiting),
 * or `unknown` (an answer that is not of this API).
 */
export type FailureCode = ErrorCode | 'network' | 'timeout' | 'unknown'

/** What is known of a failure. */
export type Failure = Readonly<{
  /** Of a newer server the code may be one that this version does not know. */
  code: FailureCode | (string & {})
  message: string
  /** The status of the answer; 0 where none came. */
  status?: number
  /** What is wrong with which field of the request; `non_field_errors` is about the whole. */
  fields?: Readonly<Record<string, unknown>>
  /** When the same call may succeed, in milliseconds from now. */
  retryAfterMs?: number | undefined
}>

/** A call or command that was not carried out, or of which it is not known. Decide by `code`, not by the text. */
export class ConfabError extends Error {
  override readonly name = 'ConfabError'
  /** What went wrong. */
  readonly code: Failure['code']
  /** The status of the answer; 0 where none came. */
  readonly status: number
  /** What is wrong with which field of the request; `non_field_errors` is about the whole. */
  readonly fields: Readonly<Record<string, unknown>>
  /** When the same call may succeed, in milliseconds from then. */
  readonly retryAfterMs: number | undefined

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.code = failure.code
    this.status = failure.status ?? 0
    this.fields = failure.fields ?? {}
    this.retryAfterMs = failure.retryAfterMs
  }

  /** Whether the very same call may succeed later: the network, an overloaded or restarting server, a rate limit. */
  get isRetryable(): boolean {
    return this.code === 'network' || this.code === 'timeout' || this.status === 429 || this.status >= 500
  }
}

/** An answer of the server, whichever way it came. */
export type RawReply = Readonly<{ status: number; header(name: string): string | null; text: string }>

/** The failure that an answer of another status than 2xx tells of. */
export function toFailure(reply: RawReply): ConfabError {
  const body = parseObject(reply.text)
  const { detail, error } = body
  const isAboutFields = reply.status === 400 && detail === undefined && error === undefined
  const seconds = Number(reply.header('retry-after'))
  return new ConfabError({
    code: reply.header('x-error-code') ?? 'unknown',
    message: String(detail ?? error ?? firstText(body) ?? `The server answered ${reply.status}.`),
    status: reply.status,
    ...(isAboutFields ? { fields: body } : {}),
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
  })
}

/** Whatever was thrown, as a failure; only that something was aborted stays what it is. */
export function toNetworkFailure(error: unknown): unknown {
  if (error instanceof ConfabError) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError') return error
  const failure: Failure =
    name === 'TimeoutError'
      ? { code: 'timeout', message: 'The server did not answer in time.' }
      : { code: 'network', message: 'The server could not be reached.' }
  return new ConfabError(failure, { cause: error })
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

/** The first sentence in a body of field errors, however deep. */
function firstText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return undefined
  for (const part of Object.values(value)) {
    const found = firstText(part)
    if (found !== undefined) return found
  }
  return undefined
}
