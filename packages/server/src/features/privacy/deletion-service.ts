import { UserDeleted } from '@confab/contract/privacy/events'
import type { DeleteAccount } from '@confab/contract/privacy/requests'
import { afterCommit, type Ctx } from '../../ctx.ts'
import { recordAll } from '../../realtime/log.ts'
import { closeAccount, requireOwnPassword } from '../accounts/closing-service.ts'
import { forgetPerson } from '../notifications/service.ts'
import { endAllRelations, lockTopicsAround } from '../people/departure-service.ts'
import { leaveAllRooms, lockRoomsOf } from '../rooms/departure-service.ts'
import { deleteOwnEvents } from './queries.ts'

/**
 * Deletes the caller's account. What they said stays where they said it, by nobody in particular; everything else that
 * was kept of them goes. One transaction: it is done whole or not at all.
 *
 * @throws ChatError current_password_wrong, throttled
 */
export async function deleteAccount(ctx: Ctx, { current_password }: DeleteAccount): Promise<void> {
  const { id } = ctx.actor
  const passwordHash = await requireOwnPassword(ctx, current_password)
  const viewers = await ctx.core.services.presence.listViewers(id)
  await ctx.transaction(async (tx) => {
    const { username, first_name, last_name } = await closeAccount(tx, ctx.core, { userId: id, passwordHash })
    const user = { id, username, full_name: `${first_name} ${last_name}`, profile_pic: null }
    await lockRoomsOf(tx, id)
    // Whoever is notifying them of something has done so by then, or finds nobody.
    await lockTopicsAround(tx, id)
    const roomIds = await leaveAllRooms(tx, ctx.core, id)
    await recordAll(
      tx,
      UserDeleted,
      roomIds.map((roomId) => ({ to: roomId, data: { room: roomId, user } })),
    )
    await endAllRelations(tx, id)
    await forgetPerson(tx, id)
    await deleteOwnEvents(tx, id)
    afterCommit(tx, ({ services }) => services.presence.tellHidden(id, viewers))
  })
}
