import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { RoomHits } from './RoomHits.tsx'
import { useMessageSearch } from './use-search.ts'

/** What was looked for last and where: on a phone a found message takes the place of the panel, and one comes back. */
let last = { roomId: 0, search: '' }

/** Looks in the messages of one room. What is found opens in its place in the conversation. */
export function RoomSearchPanel({ roomId }: { roomId: number }) {
  const text = useText()
  const navigate = useNavigate()
  const isBeside = useLayout() === 'desktop'
  const { message } = useSearch({ strict: false })
  const [search, setSearch] = useState(last.roomId === roomId ? last.search : '')
  const query = search.trim()
  const found = useMessageSearch(query, roomId)
  const at = found.hits.findIndex(({ id }) => id === message)
  const change = (next: string) => {
    last = { roomId, search: next }
    setSearch(next)
  }
  const go = (by: 1 | -1) => {
    const hit = found.hits[at === -1 ? 0 : at + by]
    if (hit) void navigate({ to: '.', search: { message: hit.id, panel: isBeside ? 'search' : undefined } })
    if (by === 1 && at >= found.hits.length - 2 && found.hasMore) found.loadMore()
  }
  return (
    <SidePanel title={text('search.room.title')}>
      <div className="sticky top-0 z-10 flex flex-col gap-2 border-b border-line bg-surface p-3">
        <SearchField
          autoFocus
          label={text('search.room.field')}
          value={search}
          onChange={change}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
            event.preventDefault()
            go(event.shiftKey ? -1 : 1)
          }}
        />
        <div className="flex h-8 items-center gap-1">
          <p role="status" className="min-w-0 grow truncate ps-1 text-xs text-muted">
            {query && !found.isPending ? countText(text, { at, count: found.hits.length, hasMore: found.hasMore }) : ''}
          </p>
          <IconButton
            size="sm"
            icon={<ChevronUp size={18} aria-hidden />}
            label={text('search.room.previous')}
            disabled={at <= 0}
            onClick={() => go(-1)}
          />
          <IconButton
            size="sm"
            icon={<ChevronDown size={18} aria-hidden />}
            label={text('search.room.next')}
            disabled={found.hits.length === 0 || at === found.hits.length - 1}
            onClick={() => go(1)}
          />
        </div>
      </div>
      <div className="p-2">
        {query === '' ? (
          <EmptyState title={text('search.room.hint')}>{text('search.room.hint.text')}</EmptyState>
        ) : null}
        {found.error ? <ErrorState error={found.error} onRetry={found.retry} /> : null}
        {found.isPending && found.hits.length === 0 ? <ListSkeleton label={text('search.loading')} rows={4} /> : null}
        {query && !found.isPending && !found.error && found.hits.length === 0 ? (
          <EmptyState title={text('search.nothing')}>{text('search.nothing.text', { query })}</EmptyState>
        ) : null}
        <RoomHits hits={found.hits} current={message} isBeside={isBeside} />
        {found.hasMore ? (
          <div className="p-3 text-center">
            <Button kind="ghost" isBusy={found.isLoadingMore} onClick={found.loadMore}>
              {text('search.more')}
            </Button>
          </div>
        ) : null}
      </div>
    </SidePanel>
  )
}

function countText(
  text: ReturnType<typeof useText>,
  { at, count, hasMore }: { at: number; count: number; hasMore: boolean },
): string {
  if (at >= 0) return text(hasMore ? 'search.room.at_of_more' : 'search.room.at', { at: at + 1, count })
  return text(hasMore ? 'search.found_more' : 'search.found', { count })
}
