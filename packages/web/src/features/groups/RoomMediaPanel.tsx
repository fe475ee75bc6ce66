import type { Message } from '@confab/client'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Images } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { useIntl } from 'react-intl'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SidePanel, SidePanelHeading } from '../../ui/SidePanel.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { senderName } from '../../ui/sender-name.ts'
import { useRoomImages } from './use-room-images.ts'

/** The images of a room by month, newest first; each opens in the gallery. */
export function RoomMediaPanel({ roomId }: { roomId: number }) {
  const text = useText()
  const { images, error, isPending, hasMore, isLoadingMore, loadMore, retry } = useRoomImages(roomId)
  return (
    <SidePanel title={text('groups.media.title')}>
      <Link
        to="."
        search={{ panel: 'info' }}
        className="flex min-h-11 items-center gap-2 px-4 text-sm font-medium text-accent-ink hover:underline"
      >
        <ArrowLeft size={17} aria-hidden className="rtl:-scale-x-100" />
        {text('groups.media.back')}
      </Link>
      {error && images.length === 0 ? <ErrorState error={error} onRetry={retry} /> : null}
      {isPending ? <GridSkeleton label={text('groups.loading')} /> : null}
      {!isPending && !error && images.length === 0 ? (
        <EmptyState icon={<Images size={26} />} title={text('groups.media.empty')}>
          {text('groups.media.empty.text')}
        </EmptyState>
      ) : null}
      <Months images={images} />
      {hasMore ? (
        <div className="p-3 text-center">
          <Button kind="ghost" isBusy={isLoadingMore} onClick={loadMore}>
            {text('groups.media.more')}
          </Button>
        </div>
      ) : null}
    </SidePanel>
  )
}

function Months({ images }: { images: readonly Message[] }): ReactNode {
  const { formatDate } = useIntl()
  const months = Map.groupBy(images, ({ timestamp }) => formatDate(timestamp, { month: 'long', year: 'numeric' }))
  return [...months].map(([month, messages]) => (
    <Fragment key={month}>
      <SidePanelHeading className="px-4 pt-2 pb-1 text-sm font-medium text-muted">{month}</SidePanelHeading>
      <ul className="grid grid-cols-3 gap-1 px-3 pb-2">
        {messages.map((message) => (
          <li key={message.id}>
            <Tile message={message} />
          </li>
        ))}
      </ul>
    </Fragment>
  ))
}

function Tile({ message }: { message: Message }) {
  const text = useText()
  const { exact } = useFormats()
  return (
    <Link
      to="."
      search={(search) => ({ ...search, image: message.id })}
      className="block overflow-hidden rounded-md bg-sunken transition-opacity hover:opacity-85"
    >
      <img
        src={message.thumbnail ?? message.image ?? ''}
        alt={text('groups.media.image', {
          name: senderName(message.sender.username, text),
          when: exact(message.timestamp),
        })}
        loading="lazy"
        decoding="async"
        className="aspect-square w-full object-cover"
      />
    </Link>
  )
}

function GridSkeleton({ label }: { label: string }) {
  return (
    <div role="status" className="grid grid-cols-3 gap-1 p-3">
      <span className="sr-only">{label}</span>
      {Array.from({ length: 9 }, (_, tile) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tiles are all alike
        <Skeleton key={tile} className="aspect-square w-full" />
      ))}
    </div>
  )
}
