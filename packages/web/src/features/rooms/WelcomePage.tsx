import { useMe, useRooms } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'

/** Beside the list, while no room is chosen: the way to the first conversation, or that one may choose one. */
export function WelcomePage() {
  const text = useText()
  const me = useMe()
  const { rooms, isReady } = useRooms()
  const isNew = isReady && rooms.length === 0
  return (
    <div className="grid grow place-items-center">
      <EmptyState
        icon={<MessagesSquare size={26} />}
        title={me ? text('rooms.welcome.title', { name: displayName(me) }) : text('rooms.title')}
        action={
          <Link to={isNew ? '/people' : '/new'} className={buttonLook({ kind: 'primary' })}>
            {text(isNew ? 'rooms.welcome.find' : 'rooms.new')}
          </Link>
        }
      >
        {text(isNew ? 'rooms.welcome.new' : 'rooms.welcome.choose')}
      </EmptyState>
    </div>
  )
}
