import type { Notification } from '@confab/client'
import { useRoom } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { AtSign, Check, EllipsisVertical, MessageSquare, Settings2, Trash2, UserPlus, UsersRound } from 'lucide-react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ContextMenu } from '../../ui/ContextMenu.tsx'
import { classNames } from '../../ui/class-names.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { rowLook } from '../../ui/ListRow.tsx'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { placeOf } from './place.ts'
import { useNotificationActions } from './use-notification-actions.ts'

const icons = {
  new_message: MessageSquare,
  mention: AtSign,
  room_invite: UsersRound,
  friend_request: UserPlus,
  system: Settings2,
}

/** Something that happened: leads to where it did, and can be marked as read or deleted. */
export function NotificationRow({ item }: { item: Notification }) {
  const text = useText()
  const { markRead, remove } = useNotificationActions()
  const entries: MenuEntry[] = [
    {
      key: 'read',
      label: text('notifications.read'),
      icon: <Check size={16} aria-hidden />,
      isDisabled: item.is_read,
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
          <RowContent item={item} />
        </Link>
        <div className="absolute inset-y-0 end-2 flex items-center">
          <Menu
            trigger={
              <IconButton
                size="sm"
                icon={<EllipsisVertical size={18} aria-hidden />}
                label={text('notifications.menu', { name: item.chat_name })}
              />
            }
            entries={entries}
          />
        </div>
      </li>
    </ContextMenu>
  )
}

function RowContent({ item }: { item: Notification }) {
  const text = useText()
  const { time, exact } = useFormats()
  const room = useRoom(item.room_id ?? 0)
  const Icon = icons[item.notification_type]
  const words = plainText(item.message) || text('notifications.image')
  const isOfGroup = item.sender !== null && item.sender !== item.chat_name && item.notification_type !== 'room_invite'
  return (
    <span className="flex min-w-0 items-center gap-3 px-2.5 py-2.5">
      <span className="relative shrink-0">
        <Avatar
          name={item.chat_name || (item.sender ?? '')}
          image={room?.group_image ?? null}
          isGroup={room?.is_group ?? false}
        />
        <span
          aria-hidden
          className={classNames(
            'absolute -end-1 -bottom-1 grid size-5 place-items-center rounded-full border-2 border-surface',
            item.notification_type === 'mention' ? 'bg-fresh text-on-fresh' : 'bg-accent text-on-accent',
          )}
        >
          <Icon size={11} strokeWidth={2.5} />
        </span>
      </span>
      <span className="flex min-w-0 grow flex-col">
        <span className="flex min-w-0 items-baseline gap-2">
          <span
            dir="auto"
            className={classNames(
              'min-w-0 grow truncate match-parent text-sm text-ink',
              item.is_read ? 'font-medium' : 'font-semibold',
            )}
          >
            {item.chat_name}
          </span>
          <time dateTime={item.timestamp} title={exact(item.timestamp)} className="shrink-0 text-xs text-muted">
            {time(item.timestamp)}
          </time>
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <span
            dir="auto"
            className={classNames(
              'min-w-0 grow truncate match-parent text-sm',
              item.is_read ? 'text-muted' : 'text-ink',
            )}
          >
            {isOfGroup ? text('notifications.from', { sender: item.sender ?? '', words }) : words}
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
