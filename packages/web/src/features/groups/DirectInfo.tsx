import type { Room } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { Link, useNavigate } from '@tanstack/react-router'
import { EyeOff, UsersRound } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { dangerRow } from './LeaveGroup.tsx'
import { RoomTools } from './RoomTools.tsx'

/** A direct room: who the other is, and what one can do with the conversation. */
export function DirectInfo({ room, renderPerson }: { room: Room; renderPerson: (userId: number) => ReactNode }) {
  const text = useText()
  const { api } = useClient()
  const navigate = useNavigate()
  const me = useMe()?.id
  const [isAsking, setIsAsking] = useState(false)
  const other = room.participants.find(({ id }) => id !== me)
  const hide = async () => {
    await api.rooms.deleteRoom({ params: { id: room.id } })
    await navigate({ to: '/' })
  }
  return (
    <>
      {other ? renderPerson(other.id) : null}
      <RoomTools room={room} />
      <div className="p-3">
        {other ? (
          <Link
            to="/new"
            search={{ with: other.id }}
            className="flex min-h-11 items-center gap-3 rounded-lg px-3 py-2 text-sm font-medium text-ink transition-colors hover:bg-hover"
          >
            <UsersRound size={19} aria-hidden />
            {text('groups.direct.group')}
          </Link>
        ) : null}
        <button type="button" className={dangerRow} onClick={() => setIsAsking(true)}>
          <EyeOff size={19} aria-hidden />
          {text('groups.direct.hide')}
        </button>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={text('groups.direct.hide.title')}
        description={text('groups.direct.hide.text')}
        action={text('groups.direct.hide.confirm')}
        onConfirm={hide}
      />
    </>
  )
}
