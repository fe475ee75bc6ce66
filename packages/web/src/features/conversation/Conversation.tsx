import type { Message } from '@confab/client'
import { useChat, useMe, useStatus } from '@confab/client/react'
import { WifiOff } from 'lucide-react'
import { Suspense, useMemo, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { senderName } from '../../ui/sender-name.ts'
import { ConversationSkeleton } from './ConversationSkeleton.tsx'
import { ListContext, type ListContextValue } from './list/list-context.ts'
import { MessageList } from './list/MessageList.tsx'
import { useConversation } from './list/use-conversation.ts'
import { usePlaces } from './list/use-opening.ts'

const ReadersDialog = lazyPart(async () => (await import('./readers/ReadersDialog.tsx')).ReadersDialog)

/** What was said in a room, from where one left off or from a message on; and why it is not there where it is not. */
export function Conversation({ roomId, messageId }: { roomId: number; messageId: number | undefined }) {
  const text = useText()
  const view = useConversation(roomId)
  const places = usePlaces(roomId, messageId)
  const isAway = useStatus() === 'waiting'
  const [asked, setAsked] = useState<{ message: Message; isOpen: boolean }>()
  const context = useListContext(roomId, (message) => setAsked({ message, isOpen: true }))

  if (view.isLoaded && places.opening) {
    return (
      <ListContext value={context}>
        <MessageList roomId={roomId} view={view} places={places} opening={places.opening} />
        {asked ? (
          <Suspense>
            <ReadersDialog {...asked} onClose={() => setAsked({ ...asked, isOpen: false })} />
          </Suspense>
        ) : null}
      </ListContext>
    )
  }
  if (places.error && !isAway) {
    return (
      <div className="grid grow place-items-center overflow-y-auto">
        <ErrorState error={places.error} onRetry={places.retry} />
      </div>
    )
  }
  if (isAway && !view.isLoaded) {
    return (
      <div className="grid grow place-items-center overflow-y-auto">
        <EmptyState icon={<WifiOff size={26} />} title={text('conversation.offline.title')}>
          {text('conversation.offline.text')}
        </EmptyState>
      </div>
    )
  }
  return <ConversationSkeleton />
}

/** The same object until something about the room's people is another. */
function useListContext(roomId: number, onShowReaders: (message: Message) => void): ListContextValue {
  const text = useText()
  const me = useMe()?.id
  const isGroup = useChat(({ rooms, details }) => (rooms.byId[roomId] ?? details[roomId])?.is_group ?? false)
  const isAdmin = useChat(({ details }) => details[roomId]?.is_admin ?? false)
  const members = useChat(({ details }) => details[roomId]?.participants)
  const [showReaders] = useState(() => onShowReaders)
  return useMemo(() => {
    const byId = new Map(members?.map((member) => [member.id, member]))
    return {
      isGroup,
      isAdmin: isGroup && isAdmin && me !== undefined,
      authorOf: (sender) => {
        const member = byId.get(sender.id)
        return {
          name: member ? displayName(member) : senderName(sender.username, text),
          image: member?.profile_pic ?? null,
        }
      },
      showReaders,
    }
  }, [isGroup, isAdmin, members, me, showReaders, text])
}
