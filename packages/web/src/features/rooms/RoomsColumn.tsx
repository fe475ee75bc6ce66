import { useRooms } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { MessagesSquare, Search, SquarePen } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { openPalette } from '../../lib/palette.ts'
import { Button, buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { IconButton, iconButtonLook } from '../../ui/IconButton.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { RoomRow } from './RoomRow.tsx'

/** The list of one's rooms, latest activity first. */
export function RoomsColumn() {
  const text = useText()
  const { rooms, isReady, hasMore, loadMore } = useRooms()
  return (
    <>
      <PanelHeader
        title={text('rooms.title')}
        actions={
          <>
            <IconButton icon={<Search size={20} aria-hidden />} label={text('rooms.search')} onClick={openPalette} />
            <Link
              to="/new"
              aria-label={text('rooms.new')}
              data-tooltip={text('rooms.new')}
              className={iconButtonLook()}
            >
              <SquarePen size={20} aria-hidden />
            </Link>
          </>
        }
      />
      <div className="min-h-0 grow overflow-y-auto">
        {!isReady ? <ListSkeleton label={text('rooms.loading')} /> : null}
        {isReady && rooms.length === 0 ? (
          <EmptyState
            icon={<MessagesSquare size={26} />}
            title={text('rooms.empty.title')}
            action={
              <Link to="/new" className={buttonLook({ kind: 'primary' })}>
                {text('rooms.new')}
              </Link>
            }
          >
            {text('rooms.empty.text')}
          </EmptyState>
        ) : null}
        <ul className="flex flex-col gap-0.5 p-2">
          {rooms.map((room) => (
            <li key={room.id}>
              <RoomRow room={room} />
            </li>
          ))}
        </ul>
        {hasMore ? (
          <div className="p-3 text-center">
            <Button kind="ghost" onClick={() => void loadMore()}>
              {text('rooms.more')}
            </Button>
          </div>
        ) : null}
      </div>
    </>
  )
}
