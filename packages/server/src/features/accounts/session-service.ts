import type { Session } from '@confab/contract/accounts/resources'
import { ChatError } from '../../chat-error.ts'
import type { Ctx } from '../../ctx.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { listLiveSessions, revokeSessions } from './queries.ts'

/** What the cursors of this list are made for. */
export const SESSION_LIST = 'sessions'

/** Where the caller is logged in, the latest login first. @throws ChatError invalid_cursor */
export async function listSessions(ctx: Ctx, query: { cursor?: string; limit?: string }): Promise<Page<Session>> {
  const request = readListRequest(SESSION_LIST, query)
  const { key: [id] = [], backward = false } = request.position ?? {}
  // Links lead onward only, so a cursor that goes back was never given.
  if (backward || typeof id === 'string') throw new ChatError('invalid_cursor')
  const rows = await listLiveSessions(ctx.db, ctx.actor.id, { beforeId: id, limit: request.limit + 1 })
  const sessions = rows.map((row) => ({ ...row, is_current: row.id === ctx.actor.sessionId }))
  return toPage(sessions, request)
}

/** Ends a session of the caller's own, perhaps the one that asks. @throws ChatError session_missing */
export async function endSession(ctx: Ctx, sessionId: number): Promise<void> {
  const ended = await revokeSessions(ctx.db, ctx.actor.id, { only: sessionId })
  if (ended.length === 0) throw new ChatError('session_missing')
  ctx.core.services.authenticator.sessionsEnded(ended)
}

/** Ends all sessions of the caller's own but the one that asks. */
export async function endOtherSessions(ctx: Ctx): Promise<void> {
  const ended = await revokeSessions(ctx.db, ctx.actor.id, { except: ctx.actor.sessionId })
  ctx.core.services.authenticator.sessionsEnded(ended)
}
