import { presenceSet, presenceWatch } from '@confab/contract/gateway/commands'
import { type CommandHandler, handle } from '../../realtime/command.ts'

/** Presence over the gateway. */
export const presenceCommands: readonly CommandHandler[] = [
  handle(presenceWatch, async (ctx, { users }, socket) => ({
    people: await ctx.core.services.presence.watch(socket, ctx.actor.id, [...new Set(users)]),
  })),
  handle(presenceSet, async (ctx, { status }) => {
    await ctx.core.services.presence.setStatus(ctx.actor.id, status)
    return { status }
  }),
]
