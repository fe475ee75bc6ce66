import type { Room } from '@confab/client'
import { Link } from '@tanstack/react-router'
import { Bell, BellOff, Images, Search, UserPlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { muteState } from '../../lib/mute.ts'
import { Menu, type MenuEntry } from '../../ui/Menu.tsx'
import { useRoomActions } from './use-room-actions.ts'

const toolClass =
  'flex min-h-16 min-w-0 grow basis-0 flex-col items-center justify-center gap-1.5 rounded-lg px-1 py-2 text-xs ' +
  'font-medium text-accent-ink transition-colors hover:bg-hover'

/** What one often does with a room: silence it, look through its images, search in it, put people in. */
export function RoomTools({ room, onAdd }: { room: Room; onAdd?: (() => void) | undefined }) {
  const text = useText()
  return (
    <div className="border-b border-line px-4 pb-4">
      <div className="flex gap-1">
        <MuteTool room={room} />
        <Link to="." search={{ panel: 'search' }} className={toolClass}>
          <Face icon={<Search size={20} />} label={text('groups.tools.search')} />
        </Link>
        <Link to="." search={{ panel: 'media' }} className={toolClass}>
          <Face icon={<Images size={20} />} label={text('groups.tools.images')} />
        </Link>
        {onAdd ? (
          <button type="button" onClick={onAdd} className={toolClass}>
            <Face icon={<UserPlus size={20} />} label={text('groups.tools.add')} />
          </button>
        ) : null}
      </div>
      <MuteWords mutedUntil={room.muted_until} />
    </div>
  )
}

function Face({ icon, label }: { icon: ReactNode; label: string }) {
  return (
    <>
      <span aria-hidden>{icon}</span>
      <span className="max-w-full truncate">{label}</span>
    </>
  )
}

function MuteTool({ room }: { room: Room }) {
  const text = useText()
  const actions = useRoomActions(room.id)
  if (muteState(room.muted_until) !== 'off') {
    return (
      <button type="button" onClick={() => void actions.unmute()} className={toolClass}>
        <Face icon={<BellOff size={20} />} label={text('groups.tools.unmute')} />
      </button>
    )
  }
  const entries: MenuEntry[] = [
    { key: 'hour', label: text('groups.mute.hour'), onSelect: () => void actions.mute('hour') },
    { key: 'workday', label: text('groups.mute.workday'), onSelect: () => void actions.mute('workday') },
    { key: 'week', label: text('groups.mute.week'), onSelect: () => void actions.mute('week') },
    { key: 'always', label: text('groups.mute.always'), onSelect: () => void actions.mute('always') },
  ]
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={toolClass}>
          <Face icon={<Bell size={20} />} label={text('groups.tools.mute')} />
        </button>
      }
      entries={entries}
    />
  )
}

function MuteWords({ mutedUntil }: { mutedUntil: string | null }) {
  const text = useText()
  const { day, time } = useFormats()
  const state = muteState(mutedUntil)
  const words =
    state instanceof Date
      ? text('groups.mute.until', { day: day(state), time: time(state) })
      : { forever: text('groups.mute.forever'), off: '' }[state]
  return (
    <p role="status" className="mt-2 text-center text-xs text-muted empty:hidden">
      {words}
    </p>
  )
}
