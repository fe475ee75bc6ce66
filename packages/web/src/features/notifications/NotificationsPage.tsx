import type { Notification } from '@confab/client'
import { useClient, useNotifications } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { BellRing } from 'lucide-react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'

/** What happened, newest first; each leads to where it happened. */
export function NotificationsPage() {
  const text = useText()
  const { api } = useClient()
  const form = useForm([])
  const { items, unreadCount, isLoaded, next, loadMore } = useNotifications()
  useDocumentTitle(text('notifications.title'))
  return (
    <>
      <PanelHeader
        title={text('notifications.title')}
        actions={
          <Button
            size="sm"
            kind="ghost"
            disabled={unreadCount === 0}
            isBusy={form.isBusy}
            onClick={() => void form.submit(() => api.notifications.markAllNotificationsRead())}
          >
            {text('notifications.read_all')}
          </Button>
        }
      />
      <div className="mx-auto min-h-0 w-full max-w-2xl grow overflow-y-auto p-2">
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {form.failure}
        </p>
        {isLoaded ? null : <ListSkeleton label={text('notifications.loading')} />}
        {isLoaded && items.length === 0 ? (
          <EmptyState icon={<BellRing size={26} />} title={text('notifications.empty.title')}>
            {text('notifications.empty.text')}
          </EmptyState>
        ) : null}
        <ul>
          {items.map((item) => (
            <NotificationRow key={item.id} item={item} />
          ))}
        </ul>
        {next === null ? null : (
          <div className="p-3 text-center">
            <Button kind="ghost" onClick={() => void loadMore()}>
              {text('notifications.more')}
            </Button>
          </div>
        )}
      </div>
    </>
  )
}

function NotificationRow({ item }: { item: Notification }) {
  const text = useText()
  const { api } = useClient()
  const { relative } = useFormats()
  // Where it fails it stays unread, and opening it again marks it.
  const markRead = () => void api.notifications.markNotificationRead({ params: { id: item.id } }).catch(() => {})
  const row = (
    <ListRow
      leading={<Avatar name={item.sender ?? item.chat_name} size="sm" />}
      title={item.chat_name}
      detail={item.message || text('notifications.image')}
      trailing={
        <span className="flex shrink-0 items-center gap-2 text-xs text-muted">
          <time dateTime={item.timestamp}>{relative(item.timestamp)}</time>
          {item.is_read ? null : (
            <span className="size-2 rounded-full bg-fresh">
              <span className="sr-only">{text('notifications.unread')}</span>
            </span>
          )}
        </span>
      }
    />
  )
  return (
    <li>
      {item.room_id === null ? (
        <Link to="/people" onClick={markRead} className={rowLook()}>
          {row}
        </Link>
      ) : (
        <Link
          to="/rooms/$roomId"
          params={{ roomId: item.room_id }}
          search={item.message_id === null ? {} : { message: item.message_id }}
          onClick={markRead}
          className={rowLook()}
        >
          {row}
        </Link>
      )}
    </li>
  )
}
