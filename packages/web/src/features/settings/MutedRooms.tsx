import type { RoomEntry } from '@confab/client'
import { useClient, useRooms } from '@confab/client/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { muteState } from '../../lib/mute.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { ListSkeleton } from '../../ui/Skeleton.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'

/** The rooms that are silent, each with the way to hear of it again. */
export function MutedRooms() {
  const text = useText()
  const { rooms, isReady } = useRooms()
  const muted = rooms.filter(({ muted_until: until }) => muteState(until) !== 'off')
  if (!isReady) return <ListSkeleton label={text('settings.loading')} rows={2} />
  if (muted.length === 0) return <p className="text-sm text-muted">{text('settings.notifications.muted.none')}</p>
  return (
    <ul className="flex flex-col gap-2">
      {muted.map((room) => (
        <MutedRoom key={room.id} room={room} />
      ))}
    </ul>
  )
}

function MutedRoom({ room }: { room: RoomEntry }) {
  const text = useText()
  const { api } = useClient()
  const { day, time } = useFormats()
  const attempt = useAttempt()
  const [isBusy, setIsBusy] = useState(false)
  const until = muteState(room.muted_until)
  const unmute = async () => {
    setIsBusy(true)
    await attempt(() => api.rooms.unmuteRoom({ params: { id: room.id } }))
    setIsBusy(false)
  }
  return (
    <li className="flex min-w-0 items-center gap-3">
      <Avatar name={room.chat_name} image={room.group_image} isGroup={room.is_group} size="sm" />
      <div className="min-w-0 grow">
        <Link
          to="/rooms/$roomId"
          params={{ roomId: room.id }}
          dir="auto"
          className="block truncate match-parent text-sm font-medium text-ink hover:underline"
        >
          {room.chat_name}
        </Link>
        <p className="truncate text-xs text-muted">
          {until instanceof Date
            ? text('settings.notifications.muted.until', { day: day(until), time: time(until) })
            : text('settings.notifications.muted.always')}
        </p>
      </div>
      <KeptFocus>
        <Button
          size="sm"
          isBusy={isBusy}
          aria-label={text('settings.notifications.unmute_named', { name: room.chat_name })}
          onClick={() => void unmute()}
        >
          {text('settings.notifications.unmute')}
        </Button>
      </KeptFocus>
    </li>
  )
}
