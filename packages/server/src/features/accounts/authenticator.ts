/**
 * Whose token is it? Asked before every call and by every socket, so that the answer mostly comes from memory.
 *
 * Guarantees: a session that was ended here counts as ended at once; one that was ended elsewhere at the notice from
 * there, and where that is lost after `FRESH_MS`, when the database is asked again. The same goes for a person who was
 * deleted or became staff.
 * Whoever has had too many tokens refused learns nothing more of tokens that this installation did not sign. Nobody
 * guesses a signature: each token that it did sign counts for itself alone, so that who shares an address with somebody
 * that guesses goes on, and is told when a token has expired; and a token that was stolen does no harm to the next.
 * Who may call: the HTTP layer, the sockets, and the accounts service, which ends sessions.
 * On failure: with the database away, what is not fresh fails as `unavailable`; nobody is let in unchecked.
 */
import { ChatError } from '../../chat-error.ts'
import type { Actor, Core } from '../../ctx.ts'
import type { Authenticator, SessionEndedHandler } from '../../http/auth.ts'
import { batched } from '../../lib/batched.ts'
import { rememberRecent } from '../../lib/recent.ts'
import { findSessionStates, type SessionState, touchSessions } from './queries.ts'
import { readToken, TokenError } from './tokens.ts'

/** For how long a check of the database is believed. With the time of the check it stays below 5 s. */
const FRESH_MS = 4_000

/** Tokens remembered, about 1 KB each; those used longest ago are forgotten. */
const REMEMBERED = 20_000

const SESSION_ENDED = 'session.ended'

/** What a token has shown itself to be, and what was found at the last check, if it was good. */
type Known = {
  readonly tokenId: string
  readonly userId: number
  readonly sessionId: number | undefined
  readonly expiresAt: number
  actor: Actor | undefined
  checkedAt: number
  checking: Promise<Actor> | undefined
}

export class SessionAuthenticator implements Authenticator {
  readonly #core: Core
  readonly #tokens = rememberRecent<string, Known>(REMEMBERED)
  /** Ended ones never come back: a check that was under way when they ended is not to be believed. */
  readonly #ended = rememberRecent<number, true>(REMEMBERED)
  readonly #handlers: SessionEndedHandler[] = []
  readonly #findState: (known: Known) => Promise<SessionState>
  readonly #noteUse: (sessionId: number) => Promise<unknown>

  constructor(core: Core) {
    this.#core = core
    this.#findState = batched((known) => findSessionStates(core.database.kysely, known))
    this.#noteUse = batched(async (sessionIds) => {
      await touchSessions(core.database.kysely, sessionIds)
      return sessionIds
    })
    core.services.realtime.onNotice(SESSION_ENDED, ({ sessionIds }) => {
      if (Array.isArray(sessionIds)) this.#forget(sessionIds.filter((id) => typeof id === 'number'))
    })
  }

  authenticate(token: string, address?: string): Actor | Promise<Actor> {
    const known = this.#tokens.get(token)
    const now = Date.now()
    if (known?.actor && known.expiresAt > now && now - known.checkedAt < FRESH_MS) return known.actor
    return address === undefined ? this.#authenticateSlowly(token) : this.#authenticateFrom(address, token)
  }

  async verifyForSocket(token: string, address?: string): Promise<{ actor: Actor; expiresAt: number }> {
    const actor = await this.authenticate(token, address)
    const { expiresAt } = await this.#read(token)
    return { actor, expiresAt }
  }

  onSessionEnded(handler: SessionEndedHandler): void {
    this.#handlers.push(handler)
  }

  sessionsEnded(sessionIds: readonly number[]): void {
    if (sessionIds.length === 0) return
    this.#forget(sessionIds)
    this.#core.services.realtime.notify(SESSION_ENDED, { sessionIds })
  }

  async #authenticateFrom(address: string, token: string): Promise<Actor> {
    const { rateLimits } = this.#core.services
    let tokenId: string | undefined
    try {
      tokenId = (await this.#read(token)).tokenId
      return await this.#authenticateSlowly(token)
    } catch (error) {
      const cause = error instanceof ChatError ? error.cause : undefined
      if (cause instanceof TokenError) tokenId = cause.tokenId
      return rateLimits.refuse(tokenId === undefined ? { address } : { tokenId }, error)
    }
  }

  async #authenticateSlowly(token: string): Promise<Actor> {
    const known = await this.#read(token)
    if (known.expiresAt <= Date.now()) throw notValid('Token is expired')
    // Calls with the same token that come at the same time wait for the same answer.
    known.checking ??= this.#check(known).finally(() => {
      known.checking = undefined
    })
    return known.checking
  }

  async #read(token: string): Promise<Known> {
    const remembered = this.#tokens.get(token)
    if (remembered) return remembered
    const claims = await readToken(this.#core.secretKey, token, 'access').catch((error: unknown) => {
      throw error instanceof TokenError ? notValid(error.problem, error) : error
    })
    if (!claims.hasUser) throw new ChatError('token_without_user')
    const readMeanwhile = this.#tokens.get(token)
    if (readMeanwhile) return readMeanwhile
    const known: Known = {
      tokenId: claims.tokenId,
      userId: claims.userId ?? 0,
      sessionId: claims.sessionId,
      expiresAt: claims.expiresAt * 1000,
      actor: undefined,
      checkedAt: 0,
      checking: undefined,
    }
    this.#tokens.set(token, known)
    return known
  }

  async #check(known: Known): Promise<Actor> {
    const askedAt = Date.now()
    known.actor = undefined
    const state = await this.#findState(known)
    if (state.username === null) throw new ChatError('user_not_found')
    if (state.sessionId === null || this.#ended.has(state.sessionId)) throw notValid('Token is invalid')
    if (state.isIdle) this.#touch(state.sessionId)
    const { username, isStaff, sessionId } = state
    known.actor = Object.freeze({ id: known.userId, username, isStaff, sessionId })
    known.checkedAt = askedAt
    return known.actor
  }

  /** For the list of sessions only, so no call waits for it or fails with it. */
  #touch(sessionId: number): void {
    this.#noteUse(sessionId).catch((error: unknown) => {
      this.#core.log.warn({ err: error }, 'the last use of a session could not be written down')
    })
  }

  #forget(sessionIds: readonly number[]): void {
    const ended = new Set(sessionIds)
    for (const id of ended) this.#ended.set(id, true)
    for (const known of this.#tokens.values()) {
      if (known.sessionId !== undefined && ended.has(known.sessionId)) known.actor = undefined
    }
    for (const handler of this.#handlers) handler(sessionIds)
  }
}

function notValid(message: string, cause?: unknown): ChatError {
  return new ChatError('token_not_valid', { message }, cause === undefined ? {} : { cause })
}
