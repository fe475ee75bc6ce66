import type { Friend, FriendRequest } from '@confab/client'
import { useClient, useMe, usePeople, usePresence } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { useForm } from '../../lib/use-form.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'

/** Friends and requests, and finding people. */
export function PeoplePage() {
  const text = useText()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  useDocumentTitle(text('people.title'))
  return (
    <>
      <PanelHeader title={text('people.title')} />
      <div className="mx-auto flex min-h-0 w-full max-w-2xl grow flex-col gap-4 overflow-y-auto p-4">
        <SearchField label={text('people.find')} value={search} onChange={setSearch} className="shrink-0" />
        {wanted ? <FoundPeople wanted={wanted} /> : <KnownPeople />}
      </div>
    </>
  )
}

function KnownPeople() {
  const text = useText()
  const me = useMe()
  const { friends, requests, isLoaded } = usePeople()
  const received = requests.filter(({ status, to_user }) => status === 'pending' && to_user === me?.id)
  if (!isLoaded) return <ListSkeleton label={text('people.loading')} />
  return (
    <>
      {received.length > 0 ? (
        <section>
          <h2 className="px-2.5 text-sm font-medium text-muted">{text('people.requests')}</h2>
          <ul>
            {received.map((request) => (
              <RequestRow key={request.id} request={request} />
            ))}
          </ul>
        </section>
      ) : null}
      {friends.length === 0 ? (
        <EmptyState icon={<UsersRound size={26} />} title={text('people.empty.title')}>
          {text('people.empty.text')}
        </EmptyState>
      ) : (
        <section>
          <h2 className="px-2.5 text-sm font-medium text-muted">{text('people.friends')}</h2>
          <ul>
            {friends.map((friend) => (
              <FriendRow key={friend.id} friend={friend} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function FriendRow({ friend }: { friend: Friend }) {
  const presence = usePresence(friend.id)
  return (
    <li>
      <Link to="/people/$userId" params={{ userId: friend.id }} className={rowLook()}>
        <ListRow
          leading={
            <Avatar name={displayName(friend)} image={friend.profile_pic} isOnline={presence?.online_status ?? false} />
          }
          title={displayName(friend)}
          detail={`@${friend.username}`}
        />
      </Link>
    </li>
  )
}

function RequestRow({ request }: { request: FriendRequest }) {
  const text = useText()
  const { api } = useClient()
  const form = useForm([])
  const sender = useQuery({
    queryKey: ['user', request.from_user],
    queryFn: () => api.people.getUser({ params: { id: request.from_user } }),
  })
  const params = { id: request.id }
  const name = sender.data?.username ?? ''
  return (
    <li>
      <ListRow
        leading={<Avatar name={name} image={sender.data?.profile_pic ?? null} />}
        title={name}
        detail={form.failure}
        trailing={
          <span className="flex gap-2">
            <Button
              size="sm"
              kind="primary"
              isBusy={form.isBusy}
              onClick={() => void form.submit(() => api.people.acceptFriendRequest({ params }))}
            >
              {text('people.accept')}
            </Button>
            <Button size="sm" onClick={() => void form.submit(() => api.people.rejectFriendRequest({ params }))}>
              {text('people.reject')}
            </Button>
          </span>
        }
      />
    </li>
  )
}

function FoundPeople({ wanted }: { wanted: string }) {
  const text = useText()
  const { api } = useClient()
  const found = useQuery({
    queryKey: ['search', 'people', wanted],
    queryFn: ({ signal }) => api.search.searchPeople({ query: { q: wanted }, signal }),
  })
  if (found.isPending) return <ListSkeleton label={text('people.loading')} />
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (found.data.results.length === 0) return <EmptyState title={text('people.nobody')} />
  return (
    <ul>
      {found.data.results.map((person) => (
        <li key={person.id}>
          <Link to="/people/$userId" params={{ userId: person.id }} className={rowLook()}>
            <ListRow
              leading={<Avatar name={displayName(person)} image={person.profile_pic} />}
              title={displayName(person)}
              detail={`@${person.username}`}
            />
          </Link>
        </li>
      ))}
    </ul>
  )
}
