import { type ErrorCode, errorBody } from '@confab/contract/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ChatError, InvalidFields } from '../chat-error.ts'
import { toChatError } from '../wire/failures.ts'

/** Answers a failed request in the contract's shape. What nobody foresaw is logged with its cause and told to nobody. */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof InvalidFields) return reply.code(400).header('x-error-code', 'invalid').send(error.fields)
  const failure = toFailure(error)
  if (failure.code === 'internal') request.log.error({ err: error, reqId: request.id }, 'request failed')
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer realm="api"')
  if (failure.retryAfter !== undefined) reply.header('retry-after', failure.retryAfter)
  return reply.code(failure.status).header('x-error-code', failure.code).send(bodyOf(failure))
}

/** Failures of Fastify itself, and of what it reads, as the contract's; anything else as everywhere. */
function toFailure(error: unknown): ChatError {
  const code = fastifyCodes[errorCode(error)]
  if (code) return new ChatError(code, { bytes: 'the limit', mediaType: mediaTypeOf(error) }, { cause: error })
  const failure = toChatError(error)
  return failure.code === 'internal' && isClientError(error)
    ? new ChatError('malformed_request', {}, { cause: error })
    : failure
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
