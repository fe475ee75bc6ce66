import type { Notification } from '@confab/client'
import { useClient, useNotifications, useStatus } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellRing, Settings, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { byDay } from './by-day.ts'
import { MoreNotifications } from './MoreNotifications.tsx'
import { NotificationRow } from './NotificationRow.tsx'
import { NotifyHint } from './NotifyHint.tsx'
import { useNotificationActions, useShownNotifications } from './use-notification-actions.ts'

/** What happened, newest first; each leads to where it happened. */
export function NotificationsPage() {
  const text = useText()
  const { items, isLoaded, next } = useNotifications()
  const shown = useShownNotifications(items)
  useDocumentTitle(text('notifications.title'))
  return (
    <>
      <PanelHeader title={text('notifications.title')} actions={<Actions hasUnread={shown.some(isUnread)} />} />
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto w-full max-w-2xl p-2">
          <NotifyHint />
          {isLoaded ? <Days items={shown} hasMore={next !== null} /> : <Loading />}
          {isLoaded && next !== null ? <MoreNotifications key={next} /> : null}
        </div>
      </div>
    </>
  )
}

function isUnread({ is_read }: Notification): boolean {
  return !is_read
}

function Actions({ hasUnread }: { hasUnread: boolean }) {
  const text = useText()
  const { unreadCount } = useNotifications()
  const { markAllRead } = useNotificationActions()
  return (
    <>
      <Button size="sm" kind="ghost" disabled={unreadCount === 0 && !hasUnread} onClick={() => void markAllRead()}>
        {text('notifications.read_all')}
      </Button>
      <Link
        to="/settings/$section"
        params={{ section: 'notifications' }}
        aria-label={text('notifications.settings')}
        data-tooltip={text('notifications.settings')}
        className={iconButtonLook()}
      >
        <Settings size={20} aria-hidden />
      </Link>
    </>
  )
}

function Days({ items, hasMore }: { items: readonly Notification[]; hasMore: boolean }) {
  const text = useText()
  const { day } = useFormats()
  if (items.length === 0 && !hasMore) {
    return (
      <EmptyState icon={<BellRing size={26} />} title={text('notifications.empty.title')}>
        {text('notifications.empty.text')}
      </EmptyState>
    )
  }
  return byDay(items).map(({ at, items: ofDay }) => (
    <section key={at} aria-label={day(at)}>
      <h2 className="px-2.5 pt-4 pb-1 text-xs font-semibold text-muted">{day(at)}</h2>
      <ul>
        {ofDay.map((item) => (
          <NotificationRow key={item.id} item={item} />
        ))}
      </ul>
    </section>
  ))
}

/** They are on their way, or cannot come now. */
function Loading(): ReactNode {
  const text = useText()
  const client = useClient()
  const isLive = useStatus() === 'live'
  const first = useQuery({
    queryKey: ['notifications'],
    queryFn: async () => {
      await client.notifications.load()
      return true
    },
    enabled: isLive,
    staleTime: 0,
  })
  if (first.error) return <ErrorState error={first.error} onRetry={() => void first.refetch()} />
  if (!isLive && !navigator.onLine) {
    return (
      <EmptyState icon={<WifiOff size={26} />} title={text('notifications.offline.title')}>
        {text('notifications.offline.text')}
      </EmptyState>
    )
  }
  return <ListSkeleton label={text('notifications.loading')} />
}
