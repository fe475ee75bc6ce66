import type { CommandData, CommandDefinition, CommandReply } from '@confab/contract/gateway/commands'
import type { Ctx } from '../ctx.ts'

/** A command and what carries it out. Features make theirs with `handle`; `app.ts` gives them to the gateway. */
export type CommandHandler = Readonly<{
  definition: CommandDefinition
  run(ctx: Ctx, data: Record<string, unknown>): Promise<object>
}>

/** Says what carries a command out. The gateway has parsed the data by the definition, and checked the rate. */
export function handle<C extends CommandDefinition>(
  definition: C,
  run: (ctx: Ctx, data: CommandData<C>) => Promise<CommandReply<C>>,
): CommandHandler {
  return { definition, run: (ctx, data) => run(ctx, data as CommandData<C>) }
}
