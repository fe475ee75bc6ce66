import { roomRead } from '@confab/contract/gateway/commands'
import { type CommandHandler, handle } from '../../realtime/command.ts'
import { markMessageRead, markRoomRead, readUnreadCount } from './service.ts'

/** Reading over the gateway. */
export const receiptCommands: readonly CommandHandler[] = [
  handle(roomRead, async (ctx, { room, message_id }) => {
    if (message_id === undefined) return markRoomRead(ctx, room)
    await markMessageRead(ctx, room, message_id)
    return { unread_count: await readUnreadCount(ctx, room) }
  }),
]
