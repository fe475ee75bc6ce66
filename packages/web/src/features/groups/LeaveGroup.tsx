import type { Room } from '@confab/client'
import { useClient, useMe } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { LogOut, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { HandOverDialog } from './HandOverDialog.tsx'

export const dangerRow =
  'flex min-h-11 w-full items-center gap-3 rounded-lg px-3 py-2 text-start text-sm font-medium text-danger-ink ' +
  'transition-colors hover:bg-danger-soft'

/** The ways out of a group. Its only admin says first who follows. */
export function LeaveGroup({ room }: { room: Room }) {
  const text = useText()
  const { api } = useClient()
  const navigate = useNavigate()
  const me = useMe()?.id
  const [question, setQuestion] = useState<'leave' | 'delete' | 'successor'>()
  const others = room.participants.filter(({ id }) => id !== me)
  const needsSuccessor = room.is_admin && others.length > 0 && !others.some(({ is_admin }) => is_admin)
  const close = () => setQuestion(undefined)
  const params = { id: room.id }
  const leave = async (successor?: number) => {
    if (successor !== undefined) await api.rooms.assignAdmin({ params, body: { user_id: successor } })
    await api.rooms.leaveRoom({ params })
    await navigate({ to: '/' })
  }
  const remove = async () => {
    await api.rooms.deleteRoom({ params })
    await navigate({ to: '/' })
  }
  return (
    <div className="p-3">
      <button type="button" className={dangerRow} onClick={() => setQuestion(needsSuccessor ? 'successor' : 'leave')}>
        <LogOut size={19} aria-hidden className="rtl:-scale-x-100" />
        {text('groups.leave')}
      </button>
      {room.is_admin ? (
        <button type="button" className={dangerRow} onClick={() => setQuestion('delete')}>
          <Trash2 size={19} aria-hidden />
          {text('groups.delete')}
        </button>
      ) : null}
      <ConfirmDialog
        isOpen={question === 'leave'}
        onClose={close}
        title={text('groups.leave.title', { name: room.chat_name })}
        description={text(others.length === 0 ? 'groups.leave.text.last' : 'groups.leave.text')}
        action={text('groups.leave.confirm')}
        isDangerous
        onConfirm={() => leave()}
      />
      <ConfirmDialog
        isOpen={question === 'delete'}
        onClose={close}
        title={text('groups.delete.title', { name: room.chat_name })}
        description={text('groups.delete.text')}
        action={text('groups.delete.confirm')}
        isDangerous
        onConfirm={remove}
      />
      <HandOverDialog
        members={others}
        isOpen={question === 'successor'}
        onClose={close}
        onConfirm={(successor) => leave(successor)}
      />
    </div>
  )
}
