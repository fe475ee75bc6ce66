import { useClient } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useDeferredValue } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'

/** What was found, by kind: rooms, people, messages. */
export function SearchResults({ wanted, onChoose }: { wanted: string; onChoose: () => void }) {
  const text = useText()
  const { api } = useClient()
  const q = useDeferredValue(wanted)
  const found = useQuery({
    queryKey: ['search', 'all', q],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { q, limit: '5' }
      const [rooms, people, messages] = await Promise.all([
        api.search.searchRooms({ query, signal }),
        api.search.searchPeople({ query, signal }),
        api.search.searchMessages({ query, signal }),
      ])
      return { rooms: rooms.results, people: people.results, messages: messages.results }
    },
  })
  if (q === '') return null
  if (found.isPending) return <ListSkeleton label={text('search.loading')} rows={3} />
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const { rooms, people, messages } = found.data
  if (rooms.length + people.length + messages.length === 0) return <EmptyState title={text('search.nothing')} />
  return (
    <>
      <Group title={text('search.rooms')}>
        {rooms.map((room) => (
          <Link key={room.id} to="/rooms/$roomId" params={{ roomId: room.id }} onClick={onChoose} className={rowLook()}>
            <ListRow
              leading={<Avatar name={room.chat_name} image={room.group_image} isGroup={room.is_group} size="sm" />}
              title={room.chat_name}
            />
          </Link>
        ))}
      </Group>
      <Group title={text('search.people')}>
        {people.map((person) => (
          <Link
            key={person.id}
            to="/people/$userId"
            params={{ userId: person.id }}
            onClick={onChoose}
            className={rowLook()}
          >
            <ListRow
              leading={<Avatar name={displayName(person)} image={person.profile_pic} size="sm" />}
              title={displayName(person)}
              detail={`@${person.username}`}
            />
          </Link>
        ))}
      </Group>
      <Group title={text('search.messages')}>
        {messages.map((hit) => (
          <Link
            key={hit.id}
            to="/rooms/$roomId"
            params={{ roomId: hit.room }}
            search={{ message: hit.id }}
            onClick={onChoose}
            className={rowLook()}
          >
            <ListRow title={`${hit.sender.username} · ${hit.chat_name}`} detail={hit.snippet} />
          </Link>
        ))}
      </Group>
    </>
  )
}

function Group({ title, children }: { title: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <section className="mt-4">
      <h3 className="px-2.5 pb-1 text-sm font-medium text-muted">{title}</h3>
      {children}
    </section>
  )
}
