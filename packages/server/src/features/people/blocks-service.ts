import { UserBlocked, UserUnblocked } from '@confab/contract/people/events'
import type { BlockedUser } from '@confab/contract/people/resources'
import { PresenceChanged } from '@confab/contract/presence/events'
import { ChatError } from '../../chat-error.ts'
import { afterCommit, type Ctx } from '../../ctx.ts'
import type { Tx } from '../../db/open.ts'
import { type Page, readListRequest, toPage } from '../../http/paging.ts'
import { record } from '../../realtime/log.ts'
import { recordCancelled, recordFriendsNoLonger } from './announce.ts'
import { type BlockRow, deleteBlock, findBlockRow, insertBlock, listBlockRows } from './block-queries.ts'
import { readNumberKey } from './names.ts'
import { deleteFriendship, deletePendingRequest, listPersonRows, lockPair } from './pair-queries.ts'
import { toBlockedUser } from './views.ts'

/**
 * Whom the caller has blocked, latest first.
 *
 * @throws ChatError invalid_cursor
 */
export async function listBlocks(
  ctx: Ctx,
  query: { cursor?: string; limit?: string },
): Promise<{ list: string; page: Page<BlockRow>; blocked: BlockedUser[] }> {
  const list = 'blocks'
  const request = readListRequest(list, query)
  const range = { after: readNumberKey(request, 2), limit: request.limit }
  const page = toPage(await listBlockRows(ctx.db, ctx.actor.id, range), request)
  return { list, page, blocked: page.rows.map((row) => toBlockedUser(ctx.core, row)) }
}

/**
 * Blocks somebody, which ends a friendship and a pending request of the two. They are told of those ends, never of the
 * block; to each the other looks offline from now on. The direct room stays, to be read.
 *
 * @returns the person, and whether this very call blocked them
 * @throws ChatError block_oneself, user_missing
 */
export function blockUser(ctx: Ctx, userId: number): Promise<{ blocked: BlockedUser; isNew: boolean }> {
  const { id } = ctx.actor
  if (userId === id) throw new ChatError('block_oneself')
  return ctx.transaction(async (tx) => {
    await requirePerson(tx, userId)
    await lockPair(tx, id, userId)
    const isNew = await insertBlock(tx, id, userId)
    const row = await findBlockRow(tx, id, userId)
    if (!row) throw new Error(`the block of ${userId} by ${id} is not there`)
    const blocked = toBlockedUser(ctx.core, row)
    if (isNew) {
      await endRelations(tx, id, userId)
      await record(tx, UserBlocked, { to: id, data: { user: blocked } })
    }
    return { blocked, isNew }
  })
}

async function endRelations(tx: Tx, oneId: number, otherId: number): Promise<void> {
  const request = await deletePendingRequest(tx, oneId, otherId)
  if (request) await recordCancelled(tx, request)
  if (await deleteFriendship(tx, oneId, otherId)) await recordFriendsNoLonger(tx, oneId, otherId)
  afterCommit(tx, ({ services }) => {
    const hidden = { online_status: false, status: 'offline' as const, last_seen: null }
    services.realtime.signal(PresenceChanged, oneId, { user_id: otherId, ...hidden })
    services.realtime.signal(PresenceChanged, otherId, { user_id: oneId, ...hidden })
  })
}

/**
 * Lifts a block; where there is none, nothing happens. Friendship and requests that it ended do not come back.
 *
 * @throws ChatError user_missing
 */
export function unblockUser(ctx: Ctx, userId: number): Promise<void> {
  const { id } = ctx.actor
  return ctx.transaction(async (tx) => {
    await requirePerson(tx, userId)
    await lockPair(tx, id, userId)
    if (await deleteBlock(tx, id, userId)) await record(tx, UserUnblocked, { to: id, data: { user_id: userId } })
  })
}

async function requirePerson(tx: Tx, userId: number): Promise<void> {
  const [person] = await listPersonRows(tx, [userId])
  if (!person) throw new ChatError('user_missing')
}
