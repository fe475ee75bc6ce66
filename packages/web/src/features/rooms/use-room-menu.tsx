import type { RoomEntry } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { Bell, BellOff, CheckCheck, EyeOff, Info } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import type { MenuEntry } from '../../ui/Menu.tsx'
import { showToast } from '../../ui/toasts.ts'
import { useAttempt } from '../../ui/use-attempt.ts'
import { isMuted } from './filters.ts'

const HOUR_MS = 3_600_000

/** What one can do with a room from the list. */
export function useRoomMenu(room: RoomEntry): MenuEntry[] {
  const text = useText()
  const client = useClient()
  const navigate = useNavigate()
  const attempt = useAttempt()
  const params = { id: room.id }
  const mute = (forMs: number | undefined) => {
    const until = forMs === undefined ? null : new Date(Date.now() + forMs).toISOString()
    void attempt(() => client.api.rooms.muteRoom({ params, body: { until } }))
  }
  const hide = useHide(room)
  const muteEntry = (key: string, label: string, forMs: number | undefined): MenuEntry => ({
    key,
    label,
    icon: <BellOff size={16} aria-hidden />,
    onSelect: () => mute(forMs),
  })
  return [
    {
      key: 'read',
      label: text('rooms.mark_read'),
      icon: <CheckCheck size={16} aria-hidden />,
      isDisabled: room.unread_count === 0,
      onSelect: () => void attempt(() => client.markRead(room.id)),
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
            onSelect: () => void attempt(() => client.api.rooms.unmuteRoom({ params })),
          },
        ]
      : [
          muteEntry('hour', text('rooms.mute.hour'), HOUR_MS),
          muteEntry('hours', text('rooms.mute.hours'), 8 * HOUR_MS),
          muteEntry('week', text('rooms.mute.week'), 7 * 24 * HOUR_MS),
          muteEntry('always', text('rooms.mute.always'), undefined),
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
