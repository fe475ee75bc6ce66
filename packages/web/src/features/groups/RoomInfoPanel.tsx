import { useChat, useClient } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'

/** Whom a conversation is with. */
export function RoomInfoPanel({ roomId }: { roomId: number }) {
  const text = useText()
  const client = useClient()
  const room = useChat(({ details }) => details[roomId])
  const load = useQuery({ queryKey: ['room', roomId], queryFn: () => client.rooms.loadRoom(roomId) })
  return (
    <SidePanel title={text('groups.info.title')}>
      {load.error && !room ? <ErrorState error={load.error} onRetry={() => void load.refetch()} /> : null}
      {!room && load.isPending ? <ListSkeleton label={text('groups.loading')} /> : null}
      {room ? (
        <>
          <div className="flex flex-col items-center gap-3 p-6 text-center">
            <Avatar name={room.chat_name} image={room.group_image} size="xl" isGroup={room.is_group} />
            <p className="text-lg font-semibold wrap-anywhere">{room.chat_name}</p>
            <Link to="." search={{ panel: 'media' }} className="text-sm font-medium text-accent-ink underline">
              {text('groups.media.title')}
            </Link>
          </div>
          <h3 className="px-5 pb-1 text-sm font-medium text-muted">
            {text('groups.info.members', { count: room.member_count })}
          </h3>
          <ul className="p-2">
            {room.participants.map((person) => (
              <li key={person.id}>
                <Link to="/people/$userId" params={{ userId: person.id }} className={rowLook()}>
                  <ListRow
                    leading={
                      <Avatar name={displayName(person)} image={person.profile_pic} isOnline={person.online_status} />
                    }
                    title={displayName(person)}
                    detail={`@${person.username}`}
                    trailing={
                      person.is_admin ? (
                        <span className="text-xs text-muted">{text('groups.info.admin')}</span>
                      ) : undefined
                    }
                  />
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </SidePanel>
  )
}
