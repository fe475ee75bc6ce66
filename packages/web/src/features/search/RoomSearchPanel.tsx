import { useClient } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'

/** Looks in the messages of one room. */
export function RoomSearchPanel({ roomId }: { roomId: number }) {
  const text = useText()
  const { api } = useClient()
  const { brief } = useFormats()
  const [search, setSearch] = useState('')
  const q = useDeferredValue(search.trim())
  const found = useQuery({
    queryKey: ['search', 'room', roomId, q],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.search.searchMessages({ query: { q, room: roomId }, signal }),
  })
  return (
    <SidePanel title={text('search.room.title')}>
      <div className="p-3">
        <SearchField label={text('search.room.title')} value={search} onChange={setSearch} />
        {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
        {q && found.data?.results.length === 0 ? <EmptyState title={text('search.nothing')} /> : null}
        <ul className="mt-2">
          {(q ? found.data?.results : undefined)?.map((hit) => (
            <li key={hit.id}>
              <Link to="." search={{ panel: 'search', message: hit.id }} className={rowLook()}>
                <ListRow
                  title={hit.sender.username}
                  detail={hit.snippet}
                  trailing={<time className="text-xs text-muted">{brief(hit.timestamp)}</time>}
                />
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </SidePanel>
  )
}
