import type { Topic } from '@confab/contract/define-event'
import type { Ready } from '@confab/contract/gateway/frames'
import type { Actor, Core, Ctx } from '../ctx.ts'
import type { Signal } from './bus.ts'
import type { CommandHandler } from './command.ts'

/** What the gateway needs of the features. */
export type GatewayOptions = Readonly<{
  core: Core
  /** Whose token this is, which came from an IP address, and until when (milliseconds since 1970). @throws ChatError where it is not valid, or throttled */
  authenticate(token: string, ip: string): Promise<{ actor: Actor; expiresAt: number }>
  /** The topics somebody follows now. */
  listTopics(ctx: Ctx): Promise<Topic[]>
  /** The state of what somebody follows, at one moment. */
  takeSnapshot(ctx: Ctx): Promise<{
    positions: ReadonlyMap<Topic, number>
    content: Pick<Ready, 'epoch' | 'me' | 'rooms' | 'rooms_next' | 'totals'>
  }>
  /** What is going on in some topics and is in no snapshot: those who come hear of it after `ready`. */
  listPassing(ctx: Ctx, topics: ReadonlySet<Topic>): readonly Signal[]
  limits: Ready['limits']
  commands: readonly CommandHandler[]
}>
