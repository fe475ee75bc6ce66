import { useClient, useMessages, useRoom } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, EllipsisVertical, Images, Info, Search } from 'lucide-react'
import { useEffect } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useLayout } from '../../lib/media-query.ts'
import { setPreference } from '../../lib/preferences.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { IconButton, iconButtonLook } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { PanelHeader } from '../../ui/PanelHeader.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { Composer } from './Composer.tsx'
import { MessageList } from './MessageList.tsx'
import { TypingLine } from './TypingLine.tsx'

export type ConversationPageProps = {
  roomId: number
  /** A message to be shown. */
  messageId: number | undefined
  /** What stands beside the conversation. */
  panel: 'info' | 'media' | 'search' | undefined
}

/** The messages of a room, and where one writes. What is seen is marked as read. */
export function ConversationPage({ roomId, messageId, panel }: ConversationPageProps) {
  const client = useClient()
  const text = useText()
  const room = useRoom(roomId)
  const view = useMessages(roomId)
  const details = useQuery({
    queryKey: ['room', roomId],
    queryFn: () => client.rooms.loadRoom(roomId),
  })
  const name = room?.chat_name ?? details.data?.chat_name
  const isUnread = (room?.unread_count ?? 0) > 0
  useDocumentTitle(name)
  useEffect(() => setPreference('lastRoom', roomId), [roomId])
  useEffect(() => {
    // Where it fails the count stays, and the next message that is seen marks all of them.
    if (isUnread && view.isLoaded && document.visibilityState === 'visible') client.markRead(roomId).catch(() => {})
  }, [client, roomId, isUnread, view.isLoaded])
  useEffect(() => {
    if (messageId !== undefined) client.messages.showMessage(roomId, messageId).catch(() => {})
  }, [client, roomId, messageId])

  if (details.error) return <ErrorState error={details.error} onRetry={() => void details.refetch()} />
  return (
    <>
      <PanelHeader
        leading={<Leading name={name ?? ''} image={room?.group_image ?? null} isGroup={room?.is_group ?? false} />}
        title={name}
        actions={<HeaderActions panel={panel} />}
      />
      {view.isLoaded ? (
        <MessageList view={view} messageId={messageId} />
      ) : (
        <div className="grow overflow-hidden">
          <ListSkeleton label={text('conversation.loading')} />
        </div>
      )}
      <TypingLine roomId={roomId} />
      <Composer roomId={roomId} />
    </>
  )
}

function Leading({ name, image, isGroup }: { name: string; image: string | null; isGroup: boolean }) {
  const text = useText()
  const isPhone = useLayout() === 'phone'
  return (
    <>
      {isPhone ? (
        <Link to="/" aria-label={text('conversation.back')} className={iconButtonLook()}>
          <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        </Link>
      ) : null}
      <Avatar name={name} image={image} isGroup={isGroup} size="sm" />
    </>
  )
}

function HeaderActions({ panel }: Pick<ConversationPageProps, 'panel'>) {
  const text = useText()
  const navigate = useNavigate()
  const show = (next: 'media' | 'search') => void navigate({ to: '.', search: { panel: next } })
  return (
    <>
      <Link
        to="."
        search={panel === 'info' ? {} : { panel: 'info' }}
        aria-label={text('conversation.info')}
        data-tooltip={text('conversation.info')}
        className={iconButtonLook()}
      >
        <Info size={20} aria-hidden />
      </Link>
      <Menu
        trigger={<IconButton icon={<EllipsisVertical size={20} aria-hidden />} label={text('conversation.more')} />}
        entries={[
          {
            key: 'search',
            label: text('conversation.search'),
            icon: <Search size={16} aria-hidden />,
            onSelect: () => show('search'),
          },
          {
            key: 'images',
            label: text('conversation.images'),
            icon: <Images size={16} aria-hidden />,
            onSelect: () => show('media'),
          },
        ]}
      />
    </>
  )
}
