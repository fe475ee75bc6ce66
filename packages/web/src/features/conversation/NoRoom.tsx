import { Link } from '@tanstack/react-router'
import { MessageCircleOff } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import type { RoomAccess } from './use-room-access.ts'

/** In the place of a conversation that one may not, or not any more, look at. */
export function NoRoom({ access }: { access: Exclude<RoomAccess, 'open'> }) {
  const text = useText()
  const isRemoved = access === 'removed'
  return (
    <div className="grid grow place-items-center overflow-y-auto" role="status">
      <EmptyState
        level="h1"
        icon={<MessageCircleOff size={26} />}
        title={isRemoved ? text('conversation.removed.title') : text('conversation.missing.title')}
        action={
          <Link to="/" className={buttonLook({ kind: 'primary' })}>
            {text('conversation.back')}
          </Link>
        }
      >
        {isRemoved ? text('conversation.removed.text') : text('conversation.missing.text')}
      </EmptyState>
    </div>
  )
}
