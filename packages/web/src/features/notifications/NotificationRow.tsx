import type { Notification } from '@confab/client'
import { useRoom } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import {
  AtSign,
  Check,
  EllipsisVertical,
  Mail,
  Megaphone,
  MessageSquare,
  Trash2,
  UserPlus,
  UsersRound,
} from 'lucide-react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ContextMenu } from '../../ui/ContextMenu.tsx'
import { classNames } from '../../ui/class-names.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { rowLook } from '../../ui/ListRow.tsx'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { describe } from './describe.ts'
import { placeOf } from './place.ts'
import { useNotificationActions } from './use-notification-actions.ts'

const icons = {
  new_message: MessageSquare,
  mention: AtSign,
  room_invite: UsersRound,
  friend_request: UserPlus,
}

/** Something that happened: leads to where it did, and can be marked as read, or not, or deleted. */
export function NotificationRow({ item }: { item: Notification }) {
  const text = useText()
  const { markRead, markUnread, remove } = useNotificationActions()
  const isGroup = useRoom(item.room_id ?? 0)?.is_group
  const { title, words } = describe(item, { isGroup, text })
  const entries: MenuEntry[] = [
    item.is_read
      ? {
          key: 'unread',
          label: text('notifications.reopen'),
          icon: <Mail size={16} aria-hidden />,
          onSelect: () => void markUnread(item.id),
        }
      : {
          key: 'read',
          label: text('notifications.read'),
          icon: <Check size={16} aria-hidden />,
          onSelect: () => void markRead(item.id),
        },
    {
      key: 'delete',
      label: text('notifications.delete'),
      icon: <Trash2 size={16} aria-hidden />,
      isDangerous: true,
      onSelect: () => void remove(item.id),
    },
  ]
  return (
    <ContextMenu entries={entries}>
      <li className="group relative [-webkit-touch-callout:none]">
        <Link
          {...placeOf(item)}
          onClick={() => {
            if (!item.is_read) void markRead(item.id)
          }}
          className={classNames(rowLook(), 'pe-12')}
        >
          <RowContent item={item} title={title} words={words} />
        </Link>
        <div className="absolute inset-y-0 end-2 flex items-center">
          <Menu
            trigger={
              <IconButton
                size="sm"
                icon={<EllipsisVertical size={18} aria-hidden />}
                label={text('notifications.menu', { name: title })}
              />
            }
            entries={entries}
          />
        </div>
      </li>
    </ContextMenu>
  )
}

function RowContent({ item, title, words }: { item: Notification; title: string; words: string }) {
  const text = useText()
  const { time, exact } = useFormats()
  return (
    <span className="flex min-w-0 items-center gap-3 px-2.5 py-2.5">
      <Picture item={item} />
      <span className="flex min-w-0 grow flex-col">
        <span className="flex min-w-0 items-baseline gap-2">
          <span
            dir="auto"
            className={classNames(
              'min-w-0 grow truncate match-parent text-sm text-ink',
              item.is_read ? 'font-medium' : 'font-semibold',
            )}
          >
            {title}
          </span>
          <time dateTime={item.timestamp} title={exact(item.timestamp)} className="shrink-0 text-xs text-muted">
            {time(item.timestamp)}
          </time>
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <span
            dir="auto"
            className={classNames(
              'min-w-0 grow match-parent text-sm',
              // What the system says leads nowhere else: it is all here.
              item.notification_type === 'system' ? 'wrap-anywhere whitespace-pre-line' : 'truncate',
              item.is_read ? 'text-muted' : 'text-ink',
            )}
          >
            {words}
          </span>
          {item.is_read ? null : (
            <span className="size-2.5 shrink-0 rounded-full bg-fresh">
              <span className="sr-only">{text('notifications.unread')}</span>
            </span>
          )}
        </span>
      </span>
    </span>
  )
}

/** Whom or which group it is about, and in which way. */
function Picture({ item: { notification_type: type, room_id, chat_name, sender } }: { item: Notification }) {
  const room = useRoom(room_id ?? 0)
  if (type === 'system') {
    return (
      <span
        aria-hidden
        className="grid size-11 shrink-0 place-items-center self-start rounded-full bg-accent-soft text-accent-ink"
      >
        <Megaphone size={20} />
      </span>
    )
  }
  const Icon = icons[type]
  return (
    <span className="relative shrink-0">
      <Avatar name={chat_name || (sender ?? '')} image={room?.group_image ?? null} isGroup={room?.is_group ?? false} />
      <span
        aria-hidden
        className={classNames(
          'absolute -end-1 -bottom-1 grid size-5 place-items-center rounded-full border-2 border-surface',
          type === 'mention' ? 'bg-fresh text-on-fresh' : 'bg-accent text-on-accent',
        )}
      >
        <Icon size={11} strokeWidth={2.5} />
      </span>
    </span>
  )
}
