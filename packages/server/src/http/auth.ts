import { ChatError } from '../chat-error.ts'
import type { Actor, Core } from '../ctx.ts'

/** Turns access tokens into people; the accounts feature provides it. */
export interface Authenticator {
  /**
   * Whose token this is.
   *
   * @throws ChatError token_not_valid, token_without_user, user_not_found
   */
  authenticate(token: string): Actor | Promise<Actor>
  /**
   * The same for a socket, which has to close when its token expires: `expiresAt` is in milliseconds since 1970.
   *
   * @throws ChatError as `authenticate` does
   */
  verifyForSocket(token: string): Promise<{ actor: Actor; expiresAt: number }>
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
 * original.
 *
 * @throws ChatError not_authenticated, bad_authorization_header, and what `authenticate` throws
 */
export function authenticateHeader(core: Core, header: string | undefined): Actor | Promise<Actor> {
  const parts = header?.trim().split(/\s+/) ?? []
  if (parts[0] !== 'Bearer') throw new ChatError('not_authenticated')
  const [, token, ...rest] = parts
  if (token === undefined || rest.length > 0) throw new ChatError('bad_authorization_header')
  return core.services.authenticator.authenticate(token)
}
