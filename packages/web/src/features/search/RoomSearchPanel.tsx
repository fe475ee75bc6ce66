import { useClient } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { ListRow, rowLook } from '../../ui/ListRow.tsx'
import { SearchField } from '../../ui/SearchField.tsx'

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
    <>
      <header className="flex h-16 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="min-w-0 grow truncate text-base font-semibold">{text('search.room.title')}</h2>
        <Link to="." search={{}} aria-label={text('search.room.close')} className={iconButtonLook()}>
          <X size={20} aria-hidden />
        </Link>
      </header>
      <div className="min-h-0 grow overflow-y-auto p-3">
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
    </>
  )
}
