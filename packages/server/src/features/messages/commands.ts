import { messageDelete, messageEdit, messageSend } from '@confab/contract/gateway/commands'
import { type CommandHandler, handle } from '../../realtime/command.ts'
import { deleteMessage, editMessage, sendMessage } from './service.ts'

/** Sending, editing and deleting over the gateway: the same services as over REST. */
export const messageCommands: readonly CommandHandler[] = [
  handle(messageSend, async (ctx, { room, content, client_id }) => {
    const { message, isNew } = await sendMessage(ctx, room, { content, client_id })
    return { message, is_new: isNew }
  }),
  handle(messageEdit, async (ctx, { room, id, content }) => ({
    message: await editMessage(ctx, room, id, { content }),
  })),
  handle(messageDelete, async (ctx, { room, id }) => {
    await deleteMessage(ctx, room, id)
    return {}
  }),
]
