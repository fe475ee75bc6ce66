import type { IncomingMessage } from 'node:http'
import { ChatError } from '../chat-error.ts'
import type { Actor, Core } from '../ctx.ts'
import { ipOf } from '../lib/address.ts'

/** Turns access tokens into people; the accounts feature provides it. */
export interface Authenticator {
  /**
   * Whose token this is.
   *
   * @param address the IP address that it comes from, where that is known: refused tokens that this installation has not
   *   signed count for it, those that it has each for itself; where there were too many, `throttled`
   * @throws ChatError token_not_valid, token_without_user, user_not_found, throttled
   */
  authenticate(token: string, address?: string): Actor | Promise<Actor>
  /**
   * The same for a socket, which has to close when its token expires: `expiresAt` is in milliseconds since 1970.
   *
   * @throws ChatError as `authenticate` does
   */
  verifyForSocket(token: string, address?: string): Promise<{ actor: Actor; expiresAt: number }>
  /** Calls the handler with the sessions that end, on whichever server; one may be named twice. */
  onSessionEnded(handler: SessionEndedHandler): void
  /** To be called when sessions have ended in the database: their tokens stop working everywhere. */
  sessionsEnded(sessionIds: readonly number[]): void
}

/** Hears of sessions that have ended: sockets of theirs are to be closed. */
export type SessionEndedHandler = (sessionIds: readonly number[]) => void

declare module '../ctx.ts' {
  interface Services {
    authenticator: Authenticator
  }
}

/**
 * Who is calling, by an `Authorization: Bearer <access token>` header. Another scheme counts as none given, as in the
 * original. Calls without a token, too, count for their address.
 *
 * @throws ChatError not_authenticated, bad_authorization_header, and what `authenticate` throws
 */
export function authenticateCall(core: Core, request: IncomingMessage): Actor | Promise<Actor> {
  const { authenticator, rateLimits } = core.services
  const address = ipOf(request, core.config.trustProxy)
  const token = tokenOf(request.headers.authorization)
  return typeof token === 'string' ? authenticator.authenticate(token, address) : rateLimits.refuse({ address }, token)
}

function tokenOf(header: string | undefined): string | ChatError {
  const parts = header?.trim().split(/\s+/) ?? []
  if (parts[0] !== 'Bearer') return new ChatError('not_authenticated')
  const [, token, ...rest] = parts
  return token === undefined || rest.length > 0 ? new ChatError('bad_authorization_header') : token
}
