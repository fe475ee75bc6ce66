import { NOTIFICATION_CONTENT_CHARS, NOTIFICATION_LIST_SIZE } from '@confab/contract/compat/notifications'
import { type DataOf, topicOf } from '@confab/contract/define-event'
import { NotificationCreated } from '@confab/contract/notifications/events'
import type { Notification } from '@confab/contract/notifications/resources'
import type { Core } from '../ctx.ts'
import { listUnread, markAllRead, markRead } from '../features/notifications/service.ts'
import type { LoggedEvent } from '../realtime/bus.ts'
import { buildFrame } from '../realtime/frame.ts'
import type { SocketRoute } from '../realtime/socket-server.ts'
import { type ClientFrame, CompatSession, readId } from './session.ts'

/** `ws/notifications/`: what somebody is told of, and marking it read. */
export function notificationsSocket(core: Core): SocketRoute {
  return {
    kind: 'guarded',
    pattern: /^\/ws\/notifications$/,
    open: async (handshake) => {
      const session = new NotificationsSession(core, handshake)
      await session.prepare()
      return session
    },
  }
}

class NotificationsSession extends CompatSession {
  /** Follows first: what comes while the list is read is told once more rather than not at all. */
  async prepare(): Promise<void> {
    try {
      await this.follow([topicOf('user', this.ctx.actor.id)])
      await this.#sendList({ evenIfEmpty: false })
    } catch (error) {
      this.onClose()
      throw error
    }
  }

  onEvent({ type, data }: LoggedEvent): void {
    if (type !== NotificationCreated.name) return
    // Only ever made by `record` and the loader of these events.
    const { notifications } = data as DataOf<typeof NotificationCreated>
    for (const notification of notifications) {
      if (!notification.is_read)
        this.send(buildFrame({ type: 'new_notification', notification: toOldShape(notification) }))
    }
  }

  onSignal(): void {}

  protected async onFrame(frame: ClientFrame): Promise<void> {
    if (frame.action === 'mark_read') await this.#markRead(frame)
    else if (frame.action === 'mark_all_read') await this.#markAllRead()
    else if (frame.action === 'get_unread') await this.#sendList({ evenIfEmpty: true })
    else this.sendError('Unknown action: expected mark_read, mark_all_read or get_unread')
  }

  async #markRead(frame: ClientFrame): Promise<void> {
    const isMissing = frame.notification_id === undefined || frame.notification_id === null
    const id = isMissing ? null : readId(frame, 'notification_id')
    const success = id !== null && (await markRead(this.ctx, id))
    this.send(buildFrame({ type: 'mark_read_response', notification_id: id, success }))
  }

  async #markAllRead(): Promise<void> {
    const count = await markAllRead(this.ctx)
    this.send(buildFrame({ type: 'mark_all_read_response', count, success: true }))
  }

  async #sendList({ evenIfEmpty }: { evenIfEmpty: boolean }): Promise<void> {
    const unread = await listUnread(this.ctx.db, this.ctx.actor.id, NOTIFICATION_LIST_SIZE)
    if (unread.length === 0 && !evenIfEmpty) return
    this.send(buildFrame({ type: 'notification_list', notifications: unread.map(toOldShape) }))
  }
}

/** The original has the text under `content`, cut short. */
function toOldShape(notification: Notification): Notification & { content: string } {
  const characters = [...notification.message]
  const isLong = characters.length > NOTIFICATION_CONTENT_CHARS
  const content = isLong ? `${characters.slice(0, NOTIFICATION_CONTENT_CHARS).join('')}...` : notification.message
  return { ...notification, content }
}
