import type { Message } from '@confab/client'
import { useChat, useClient, useReaders } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { ErrorState } from '../../../ui/ErrorState.tsx'
import { ListRow } from '../../../ui/ListRow.tsx'
import { ListSkeleton } from '../../../ui/Skeleton.tsx'
import { listReaders, loadReadStatuses, type Reader } from './readers.ts'

const nobody = [] as const
const noMarks = {}

/** Who has read a message, and when. It goes on as people read. */
export function ReadersDialog({
  message,
  isOpen,
  onClose,
}: {
  message: Message
  isOpen: boolean
  onClose: () => void
}) {
  const text = useText()
  const { http } = useClient()
  const known = useReaders(message)
  const members = useChat(({ details }) => details[message.room]?.participants ?? nobody)
  const marks = useChat(({ receipts }) => receipts[message.room] ?? noMarks)
  const statuses = useQuery({
    queryKey: ['readers', message.room, message.id, known.length],
    queryFn: ({ signal }) => loadReadStatuses(http, message, signal),
    placeholderData: (before) => before,
  })
  const { read, unread } = listReaders(message, { members, marks, statuses: statuses.data ?? nobody })
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('conversation.readers')} size="sm">
      {statuses.error ? <ErrorState error={statuses.error} onRetry={() => void statuses.refetch()} /> : null}
      {statuses.isPending ? <ListSkeleton rows={3} label={text('conversation.readers.loading')} /> : null}
      {statuses.data ? (
        <>
          {read.length === 0 ? <p className="py-2 text-sm text-muted">{text('conversation.readers.nobody')}</p> : null}
          <People people={read} />
          {unread.length > 0 ? (
            <>
              <h3 className="pt-3 pb-1 text-xs font-semibold text-muted">
                {text('conversation.readers.unread', { count: unread.length })}
              </h3>
              <People people={unread} />
            </>
          ) : null}
        </>
      ) : null}
    </Dialog>
  )
}

function People({ people }: { people: readonly Reader[] }) {
  const { exact } = useFormats()
  return (
    <ul className="-mx-2.5">
      {people.map(({ id, name, image, at }) => (
        <li key={id}>
          <ListRow
            leading={<Avatar name={name} image={image} size="sm" />}
            title={name}
            detail={at === undefined ? undefined : <time dateTime={at}>{exact(at)}</time>}
          />
        </li>
      ))}
    </ul>
  )
}
