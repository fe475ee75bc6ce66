import type { ChatClient, Room } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useText } from '../../lib/i18n/use-text.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'

/** No more groups than these are looked into. */
const MAX_GROUPS = 10

/** The groups that both are in; nothing while that is not known. */
export function SharedGroups({ userId, username }: { userId: number; username: string }) {
  const text = useText()
  const client = useClient()
  const me = useMe()?.id
  const { data: groups = [] } = useQuery({
    queryKey: ['shared-groups', userId],
    queryFn: () => findSharedGroups(client, userId, username),
    enabled: me !== undefined && me !== userId,
  })
  if (groups.length === 0) return null
  return (
    <section className="border-t border-line p-2">
      <h2 className="px-2.5 py-2 text-sm font-medium text-muted">{text('people.groups', { count: groups.length })}</h2>
      <ul>
        {groups.map((group) => (
          <li key={group.id}>
            <Link to="/rooms/$roomId" params={{ roomId: group.id }} className={rowLook()}>
              <ListRow
                leading={<Avatar name={group.chat_name} image={group.group_image} isGroup />}
                title={group.chat_name}
                detail={text('people.members', { count: group.member_count })}
              />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The search finds parts of names, of rooms and of all members, so each room is looked into. */
async function findSharedGroups({ api }: ChatClient, userId: number, username: string): Promise<Room[]> {
  const { results } = await api.rooms.listRooms({ query: { search: username, limit: '50' } })
  const groups = results.filter((room) => room.is_group).slice(0, MAX_GROUPS)
  const rooms = await Promise.all(groups.map(({ id }) => api.rooms.getRoom({ params: { id } })))
  return rooms.filter(({ participants }) => participants.some(({ id }) => id === userId))
}
