import { useRooms } from '@confab/client/react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { MessagesSquare, Search, SquarePen } from 'lucide-react'
import { useCallback, useState } from 'react'
import { hotkeyLabel, useHotkey } from '../../lib/hotkeys.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { openPalette } from '../../lib/palette.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FilterChips } from '../../ui/FilterChips.tsx'
import { iconButtonLook } from '../../ui/IconButton.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { FirstSteps } from './FirstSteps.tsx'
import { filterRooms, neighbourOf, type RoomFilter } from './filters.ts'
import { RoomsList } from './RoomsList.tsx'
import { useLastRoom } from './use-last-room.ts'

/** The list of one's rooms, latest activity first. Alt with ↑ and ↓ opens the one before and after. */
export function RoomsColumn() {
  const text = useText()
  const navigate = useNavigate()
  const { roomId: openRoom } = useParams({ strict: false })
  const { rooms, isReady } = useRooms()
  const [filter, setFilter] = useState<RoomFilter>('all')
  const shown = filterRooms(rooms, filter, openRoom)
  useLastRoom(openRoom)
  const go = (by: 1 | -1) => {
    const next = neighbourOf(shown, openRoom, by)
    if (next) void navigate({ to: '/rooms/$roomId', params: { roomId: next.id } })
  }
  useHotkey('alt+arrowdown', () => go(1))
  useHotkey('alt+arrowup', () => go(-1))
  const isEmpty = isReady && rooms.length === 0
  return (
    <>
      <PanelHeader
        title={text('rooms.title')}
        actions={
          <Link to="/new" aria-label={text('rooms.new')} data-tooltip={text('rooms.new')} className={iconButtonLook()}>
            <SquarePen size={20} aria-hidden />
          </Link>
        }
      />
      <div className="flex flex-col gap-2 px-3 pt-3 pb-1">
        <SearchButton />
        {isEmpty ? null : <Filters filter={filter} onChange={setFilter} />}
      </div>
      {isReady ? null : <ListSkeleton label={text('rooms.loading')} />}
      {isEmpty ? <NoRooms /> : null}
      {isReady && !isEmpty ? <RoomsBelow key={filter} filter={filter} onAll={() => setFilter('all')} /> : null}
    </>
  )
}

/** Looks like the field that it opens. */
function SearchButton() {
  const text = useText()
  return (
    <button
      type="button"
      onClick={openPalette}
      className="flex h-10 w-full items-center gap-2.5 rounded-md border border-line bg-sunken px-3 text-sm text-muted transition-colors hover:border-line-strong hover:text-ink pointer-coarse:h-11"
    >
      <Search size={18} aria-hidden />
      <span className="min-w-0 grow truncate text-start">{text('rooms.search')}</span>
      <span className="pointer-coarse:hidden">
        <Kbd>{hotkeyLabel('mod+k')}</Kbd>
      </span>
    </button>
  )
}

function Filters({ filter, onChange }: { filter: RoomFilter; onChange: (filter: RoomFilter) => void }) {
  const text = useText()
  const { rooms } = useRooms()
  const unread = rooms.filter(({ unread_count }) => unread_count > 0).length
  return (
    <FilterChips
      label={text('rooms.filter')}
      value={filter}
      onChange={onChange}
      chips={[
        { value: 'all', label: text('rooms.filter.all') },
        { value: 'unread', label: text('rooms.filter.unread'), count: unread },
        { value: 'direct', label: text('rooms.filter.direct') },
        { value: 'groups', label: text('rooms.filter.groups') },
      ]}
    />
  )
}

/** The rooms that the filter shows; more are fetched as one nears the end. */
function RoomsBelow({ filter, onAll }: { filter: RoomFilter; onAll: () => void }) {
  const text = useText()
  const { roomId: openRoom } = useParams({ strict: false })
  const { rooms, hasMore, loadMore } = useMoreRooms()
  const shown = filterRooms(rooms.rooms, filter, openRoom)
  const nothing = {
    all: '',
    unread: text('rooms.nothing.unread'),
    direct: text('rooms.nothing.direct'),
    groups: text('rooms.nothing.groups'),
  }[filter]
  return (
    <RoomsList rooms={shown} hasMore={hasMore !== 'no'} openRoom={openRoom} onNearEnd={loadMore}>
      {hasMore === 'failed' ? (
        <div className="p-3 text-center">
          <Button kind="ghost" onClick={loadMore}>
            {text('rooms.more')}
          </Button>
        </div>
      ) : null}
      {hasMore === 'yes' ? <ListSkeleton label={text('rooms.loading')} rows={2} /> : null}
      {hasMore === 'no' && shown.length === 0 ? (
        <EmptyState title={nothing} action={<Button onClick={onAll}>{text('rooms.filter.show_all')}</Button>} />
      ) : null}
    </RoomsList>
  )
}

function useMoreRooms() {
  const rooms = useRooms()
  const [hasFailed, setHasFailed] = useState(false)
  const { hasMore, loadMore } = rooms
  const count = rooms.rooms.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that has grown and still ends in view needs more
  const load = useCallback(() => {
    if (!hasMore) return
    setHasFailed(false)
    loadMore().catch(() => setHasFailed(true))
  }, [hasMore, count])
  const state = hasFailed ? 'failed' : 'yes'
  return { rooms, hasMore: hasMore ? state : 'no', loadMore: load } as const
}

/** On a phone the list is all there is, so that the ways to a first conversation stand in it. */
function NoRooms() {
  const text = useText()
  const isPhone = useLayout() === 'phone'
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <EmptyState icon={<MessagesSquare size={26} />} title={text('rooms.empty.title')}>
        {text('rooms.empty.text')}
      </EmptyState>
      {isPhone ? (
        <div className="px-4 pb-6">
          <FirstSteps />
        </div>
      ) : null}
    </div>
  )
}
