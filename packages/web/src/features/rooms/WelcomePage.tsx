import { useMe, useRooms } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { hotkeyLabel } from '../../lib/hotkeys.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { displayName } from '../../lib/names.ts'
import { buttonLook } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { FirstSteps } from './FirstSteps.tsx'

/** Beside the list, while no room is chosen: the ways to the first conversation, or that one may choose one. */
export function WelcomePage() {
  const text = useText()
  const me = useMe()
  const { rooms, isReady } = useRooms()
  if (!isReady || !me) return null
  const title = text('rooms.welcome.title', { name: displayName(me) })
  if (rooms.length > 0) {
    return (
      <div className="grid grow place-items-center">
        <EmptyState
          icon={<MessagesSquare size={26} />}
          title={title}
          action={
            <Link to="/new" className={buttonLook({ kind: 'primary' })}>
              {text('rooms.new')}
            </Link>
          }
        >
          {text('rooms.welcome.choose')}{' '}
          <span className="mt-2 block">
            <Kbd>{hotkeyLabel('mod+k')}</Kbd> {text('rooms.welcome.palette')}
          </span>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="grid grow place-items-center overflow-y-auto p-8">
      <div className="w-full max-w-md text-center">
        <img src="/favicon.svg" alt="" className="mx-auto mb-5 size-14" />
        <h2 className="text-2xl font-semibold tracking-tight text-balance text-ink">{title}</h2>
        <p className="mt-2 mb-8 text-pretty text-muted">{text('rooms.welcome.new')}</p>
        <FirstSteps />
      </div>
    </div>
  )
}
