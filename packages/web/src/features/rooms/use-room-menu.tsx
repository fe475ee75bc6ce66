import type { RoomEntry } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { Bell, BellOff, CheckCheck, EyeOff, Info } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import type { MuteChoice } from '../../lib/mute.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { showToast } from '../../ui/toasts.ts'
import { useAttempt } from '../../ui/use-attempt.ts'
import { isMuted } from './filters.ts'
import { useRoomChanges } from './shown-room.ts'

/** What one can do with a room from the list. */
export function useRoomMenu(room: RoomEntry): MenuEntry[] {
  const text = useText()
  const navigate = useNavigate()
  const { mute, unmute, markRead } = useRoomChanges(room)
  const hide = useHide(room)
  const muteEntry = (choice: MuteChoice, label: string): MenuEntry => ({
    key: choice,
    label,
    icon: <BellOff size={16} aria-hidden />,
    onSelect: () => mute(choice),
  })
  return [
    {
      key: 'read',
      label: text('rooms.mark_read'),
      icon: <CheckCheck size={16} aria-hidden />,
      isDisabled: room.unread_count === 0,
      onSelect: markRead,
    },
    {
      key: 'info',
      label: text('rooms.info'),
      icon: <Info size={16} aria-hidden />,
      onSelect: () => void navigate({ to: '/rooms/$roomId', params: { roomId: room.id }, search: { panel: 'info' } }),
    },
    { kind: 'separator', key: 'before-mute' },
    ...(isMuted(room, new Date())
      ? [
          {
            key: 'unmute',
            label: text('rooms.unmute'),
            icon: <Bell size={16} aria-hidden />,
            onSelect: unmute,
          },
        ]
      : [
          muteEntry('hour', text('rooms.mute.hour')),
          muteEntry('workday', text('rooms.mute.hours')),
          muteEntry('week', text('rooms.mute.week')),
          muteEntry('always', text('rooms.mute.always')),
        ]),
    ...(room.is_group
      ? []
      : [
          { kind: 'separator' as const, key: 'before-hide' },
          { key: 'hide', label: text('rooms.hide'), icon: <EyeOff size={16} aria-hidden />, onSelect: hide },
        ]),
  ]
}

/** Takes a direct room out of the list until its next message; a toast brings it back. */
function useHide({ id, peer_id, chat_name }: RoomEntry): () => void {
  const text = useText()
  const { api } = useClient()
  const attempt = useAttempt()
  const undo = () => {
    if (peer_id !== null) void attempt(() => api.rooms.createRoom({ body: { participant_ids: [peer_id] } }))
  }
  return () =>
    void attempt(async () => {
      await api.rooms.deleteRoom({ params: { id } })
      showToast({
        title: text('rooms.hidden', { name: chat_name }),
        ...(peer_id === null ? {} : { action: { label: text('rooms.undo'), onSelect: undo } }),
      })
    })
}
