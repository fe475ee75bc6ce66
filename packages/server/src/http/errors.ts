import { type ErrorCode, errorBody } from '@confab/contract/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ChatError, InvalidFields } from '../chat-error.ts'
import { postgresCode } from '../ctx.ts'

/** Answers a failed request in the contract's shape. What nobody foresaw is logged with its cause and told to nobody. */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof InvalidFields) return reply.code(400).header('x-error-code', 'invalid').send(error.fields)
  const failure = toChatError(error)
  if (failure.code === 'internal') request.log.error({ err: error }, 'request failed')
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer realm="api"')
  if (failure.retryAfter !== undefined) reply.header('retry-after', failure.retryAfter)
  return reply.code(failure.status).header('x-error-code', failure.code).send(bodyOf(failure))
}

/** The failure that an error of any origin stands for. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  if (isDatabaseAway(error)) return new ChatError('unavailable', {}, { cause: error, retryAfter: 2 })
  const code = fastifyCodes[errorCode(error)]
  if (code) return new ChatError(code, { bytes: 'the limit', mediaType: mediaTypeOf(error) }, { cause: error })
  if (isClientError(error)) return new ChatError('malformed_request', {}, { cause: error })
  return new ChatError('internal', {}, { cause: error })
}

const fastifyCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_NOT_FOUND: 'not_found',
}

/** Bodies that say more than a sentence: those about tokens, which clients of the original read. */
function bodyOf(failure: ChatError): Record<string, unknown> {
  const body = errorBody(failure.code, failure.details)
  if (failure.code === 'token_not_valid') {
    const message = String(failure.details.message ?? 'Token is invalid')
    return {
      ...body,
      code: failure.code,
      messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
    }
  }
  if (failure.code === 'bad_authorization_header' || failure.code === 'user_not_found') {
    return { ...body, code: failure.code }
  }
  if (failure.code === 'token_without_user' || failure.code === 'refresh_not_valid') {
    return { ...body, code: 'token_not_valid' }
  }
  if (failure.code === 'logout_failed') return { message: 'Error logging out', ...body }
  return body
}

/**
 * Whether the database cannot serve right now, so that trying again later is right: no connection, shutting down, out of
 * connections (classes 08, 53 and 57P of SQLSTATE), or a statement that ran too long.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = postgresCode(error)
  if (/^(08|53|57P)/.test(code) || code === '57014') return true
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code)) {
    return error instanceof Error && 'syscall' in error
  }
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  return error instanceof Error && AWAY_MESSAGES.some((message) => error.message.includes(message))
}

/** What `pg` says in plain errors without a code. */
const AWAY_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
]

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function mediaTypeOf(error: unknown): string {
  const match = error instanceof Error ? /Unsupported Media Type:? ?(.*)/i.exec(error.message) : null
  return match?.[1] ?? ''
}

function isClientError(error: unknown): boolean {
  const status = error instanceof Error && 'statusCode' in error ? (error as FastifyError).statusCode : undefined
  return status !== undefined && status >= 400 && status < 500
}
