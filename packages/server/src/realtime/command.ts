import type { CommandData, CommandDefinition, CommandReply } from '@confab/contract/gateway/commands'
import type { Ctx } from '../ctx.ts'
import type { Signal } from './bus.ts'

/** The socket that a command came on, for commands that change what the socket is sent. */
export interface CommandSocket {
  /** Sends it a signal that is on none of its topics. */
  onSignal(signal: Signal): void
  /** Calls back once when the socket is closed. */
  addCleanup(cleanup: () => void): void
}

/** A command and what carries it out. Features make theirs with `handle`; `app.ts` gives them to the gateway. */
export type CommandHandler = Readonly<{
  definition: CommandDefinition
  run(ctx: Ctx, data: Record<string, unknown>, socket: CommandSocket): Promise<object>
}>

/** Says what carries a command out. The gateway has parsed the data by the definition, and checked the rate. */
export function handle<C extends CommandDefinition>(
  definition: C,
  run: (ctx: Ctx, data: CommandData<C>, socket: CommandSocket) => Promise<CommandReply<C>>,
): CommandHandler {
  return { definition, run: (ctx, data, socket) => run(ctx, data as CommandData<C>, socket) }
}
