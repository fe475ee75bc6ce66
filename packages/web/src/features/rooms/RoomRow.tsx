import type { RoomEntry } from '@confab/client'
import { usePresence } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { AtSign, BellOff, EllipsisVertical } from 'lucide-react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { ContextMenu } from '../../ui/ContextMenu.tsx'
import { classNames } from '../../ui/class-names.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { isMuted } from './filters.ts'
import { RoomPreview } from './RoomPreview.tsx'
import { useShownRoom } from './shown-room.ts'
import { useRoomMenu } from './use-room-menu.tsx'

/**
 * A room of the list: what was last said, or what is happening in it; how much is unread; and a menu.
 *
 * @param props.isReachable whether Tab leads to it: to one of the list, from which arrow keys lead to the others
 */
export function RoomRow({
  room: known,
  isOpen,
  isReachable,
}: {
  room: RoomEntry
  isOpen: boolean
  isReachable: boolean
}) {
  const text = useText()
  const room = useShownRoom(known)
  const entries = useRoomMenu(room)
  const presence = usePresence(room.peer_id ?? 0)
  const tabIndex = isReachable ? 0 : -1
  return (
    <ContextMenu entries={entries}>
      <div className="group relative [-webkit-touch-callout:none]">
        <Link
          to="/rooms/$roomId"
          params={{ roomId: room.id }}
          tabIndex={tabIndex}
          data-room={room.id}
          aria-current={isOpen ? 'page' : undefined}
          className={rowLook(isOpen)}
        >
          <ListRow
            leading={
              <Avatar
                name={room.chat_name}
                image={room.group_image}
                isGroup={room.is_group}
                isOnline={room.is_group || !presence ? undefined : presence.online_status}
              />
            }
            title={<span className={room.unread_count > 0 ? 'font-semibold' : undefined}>{room.chat_name}</span>}
            titleEnd={<LastActive room={room} />}
            detail={<RoomPreview room={room} isOpen={isOpen} />}
            detailEnd={<Marks room={room} />}
          />
        </Link>
        <Menu
          trigger={
            <IconButton
              size="sm"
              tabIndex={tabIndex}
              icon={<EllipsisVertical size={18} aria-hidden />}
              label={text('rooms.menu', { name: room.chat_name })}
              className={classNames(
                'absolute end-1.5 top-1.5 bg-raised opacity-0 shadow-card group-hover:opacity-100 focus-visible:opacity-100',
                'aria-expanded:opacity-100 pointer-coarse:hidden',
              )}
            />
          }
          entries={entries}
        />
      </div>
    </ContextMenu>
  )
}

function LastActive({ room }: { room: RoomEntry }) {
  const { brief } = useFormats()
  const isFresh = room.unread_count > 0 && !isMuted(room, new Date())
  return (
    <time
      dateTime={room.active_at}
      className={classNames(
        // The menu comes in its place.
        'shrink-0 text-xs tabular-nums not-pointer-coarse:group-hover:opacity-0',
        isFresh ? 'text-fresh-ink' : 'text-muted',
      )}
    >
      {brief(room.active_at)}
    </time>
  )
}

/** None where there is nothing to mark: the preview has the place. */
function Marks({ room }: { room: RoomEntry }) {
  const text = useText()
  const muted = isMuted(room, new Date())
  if (!muted && room.mention_count + room.unread_count === 0) return null
  return (
    <span className="flex shrink-0 items-center gap-1.5">
      {muted ? (
        <span className="text-faint">
          <BellOff size={14} aria-hidden />
          <span className="sr-only">{text('rooms.muted')}</span>
        </span>
      ) : null}
      {room.mention_count > 0 ? (
        <span className="grid size-5 place-items-center rounded-full bg-accent text-on-accent">
          <AtSign size={12} strokeWidth={2.5} aria-hidden />
          <span className="sr-only">{text('rooms.mentions', { count: room.mention_count })}</span>
        </span>
      ) : null}
      <Badge
        count={room.unread_count}
        label={text('rooms.unread', { count: room.unread_count })}
        tone={muted ? 'quiet' : 'fresh'}
      />
    </span>
  )
}
