import { typingStart, typingStop } from '@confab/contract/gateway/commands'
import { type CommandHandler, handle } from '../../realtime/command.ts'
import { requireMember } from '../rooms/access.ts'

/** Typing over the gateway. */
export const typingCommands: readonly CommandHandler[] = [
  handle(typingStart, async (ctx, { room }) => {
    await requireMember(ctx.db, room, ctx.actor.id)
    ctx.core.services.typing.start(ctx.actor, room)
    return {}
  }),
  handle(typingStop, async (ctx, { room }) => {
    await requireMember(ctx.db, room, ctx.actor.id)
    ctx.core.services.typing.stop(ctx.actor, room)
    return {}
  }),
]
