import { useClient } from '@confab/client/react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { UserRoundSearch } from 'lucide-react'
import { useEffect } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { announce } from '../../ui/LiveRegion.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { PersonRow } from './PersonRow.tsx'
import { RelationButtons } from './RelationButtons.tsx'

/** Everybody whose name has these words in it. What was found stays while the next is looked up. */
export function FoundPeople({ wanted }: { wanted: string }) {
  const text = useText()
  const { api } = useClient()
  const found = useInfiniteQuery({
    queryKey: ['search', 'people', wanted],
    queryFn: ({ signal, pageParam }) =>
      api.search.searchPeople({ query: { q: wanted, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => (next ? URL.parse(next)?.searchParams.get('cursor') : undefined) ?? undefined,
    placeholderData: keepPreviousData,
    enabled: wanted !== '',
  })
  const people = found.data?.pages.flatMap(({ results }) => results)
  const count = people?.length
  useEffect(() => {
    if (count !== undefined) announce(text('people.found', { count }))
  }, [count, text])
  if (found.error && !people) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (!people) return <ListSkeleton label={text('people.loading')} />
  return (
    <div aria-busy={found.isPlaceholderData} className="min-h-0 grow overflow-y-auto px-2 pb-4">
      {people.length === 0 ? (
        <EmptyState icon={<UserRoundSearch size={26} />} title={text('people.nobody')}>
          {text('people.nobody.text')}
        </EmptyState>
      ) : null}
      <ul aria-label={text('people.results')}>
        {people.map((person) => (
          <PersonRow key={person.id} person={person}>
            <RelationButtons userId={person.id} name={displayName(person)} />
          </PersonRow>
        ))}
      </ul>
      {found.hasNextPage ? (
        <div className="p-3 text-center">
          <Button kind="ghost" isBusy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {text('people.more')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
