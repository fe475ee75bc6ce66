import type { RoomEntry } from '@confab/client'
import { useClient, useMe, useTyping } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { useDrafts } from '../../lib/drafts.ts'
import { useFormats } from '../../lib/formats.ts'
import { useErrorText } from '../../lib/i18n/use-error-text.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { ContextMenu } from '../../ui/ContextMenu.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { showToast } from '../../ui/toasts.ts'

/** A room of the list: its last message, or who types, or what one began to write; and how much is unread. */
export function RoomRow({ room }: { room: RoomEntry }) {
  const text = useText()
  const { brief } = useFormats()
  const preview = usePreview(room)
  const entries = useRoomEntries(room)
  return (
    <ContextMenu entries={entries}>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: room.id }}
        className={rowLook()}
        activeProps={{ className: rowLook(true) }}
      >
        <ListRow
          leading={<Avatar name={room.chat_name} image={room.group_image} isGroup={room.is_group} />}
          title={room.chat_name}
          detail={preview}
          trailing={
            <span className="flex shrink-0 flex-col items-end gap-1 self-stretch pt-1">
              <time dateTime={room.active_at} className="text-xs text-muted">
                {brief(room.active_at)}
              </time>
              <Badge count={room.unread_count} label={text('rooms.unread', { count: room.unread_count })} />
            </span>
          }
        />
      </Link>
    </ContextMenu>
  )
}

function usePreview({ id, is_group, last_message }: RoomEntry): string {
  const text = useText()
  const me = useMe()
  const { list } = useFormats()
  const typists = useTyping(id)
  const draft = useDrafts()[id]
  if (typists.length > 0) {
    return text('rooms.typing', { names: list(typists.map(({ username }) => username)), count: typists.length })
  }
  if (draft) return text('rooms.draft', { draft })
  if (!last_message) return text('rooms.no_messages')
  const content = last_message.content || text('rooms.image')
  if (last_message.sender_id === me?.id) return text('rooms.by_me', { content })
  return is_group ? text('rooms.by', { name: last_message.sender_name, content }) : content
}

function useRoomEntries({ id, unread_count, muted_until }: RoomEntry): MenuEntry[] {
  const text = useText()
  const client = useClient()
  const errorText = useErrorText()
  const attempt = (work: Promise<unknown>) => {
    work.catch((error) => showToast({ title: errorText(error), tone: 'danger' }))
  }
  const params = { id }
  const isMuted = muted_until !== null && muted_until > new Date().toISOString()
  return [
    {
      key: 'read',
      label: text('rooms.mark_read'),
      isDisabled: unread_count === 0,
      onSelect: () => attempt(client.markRead(id)),
    },
    isMuted
      ? { key: 'mute', label: text('rooms.unmute'), onSelect: () => attempt(client.api.rooms.unmuteRoom({ params })) }
      : { key: 'mute', label: text('rooms.mute'), onSelect: () => attempt(client.api.rooms.muteRoom({ params })) },
  ]
}
