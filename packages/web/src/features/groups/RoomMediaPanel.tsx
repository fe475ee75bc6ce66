import { useMessages } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { Images } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'

/** The images among the messages that are here, newest first. */
export function RoomMediaPanel({ roomId }: { roomId: number }) {
  const text = useText()
  const { messages } = useMessages(roomId)
  const images = messages.filter(({ image }) => image !== null).toReversed()
  return (
    <SidePanel title={text('groups.media.title')}>
      {images.length === 0 ? <EmptyState icon={<Images size={26} />} title={text('groups.media.empty')} /> : null}
      <ul className="grid grid-cols-3 gap-1 p-2">
        {images.map((message) => (
          <li key={message.id}>
            <Link to="." search={{ message: message.id }} className="block overflow-hidden rounded-md">
              <img
                src={message.thumbnail ?? message.image ?? ''}
                alt={text('groups.media.image', { name: message.sender.username })}
                loading="lazy"
                className="aspect-square w-full object-cover"
              />
            </Link>
          </li>
        ))}
      </ul>
    </SidePanel>
  )
}
