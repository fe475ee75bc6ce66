import type { State } from '@confab/client'
import { useChat, useMe, usePresence } from '@confab/client/react'
import { useEffect, useState } from 'react'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'

/** The other one of a direct chat, and whether they are there. */
export function usePeer(roomId: number) {
  const me = useMe()?.id
  const peerId =
    useChat(({ rooms, details }) => {
      const room = details[roomId]
      const peer = room?.is_group === false ? room.participants.find(({ id }) => id !== me) : undefined
      return rooms.byId[roomId]?.peer_id ?? peer?.id
    }) ?? 0
  return { peerId, presence: usePresence(peerId) }
}

/**
 * The line below the name: how many are in a group, or when the other one was last there. It keeps its place until that is
 * known, and leaves it to the name where it is nothing: they do not show it to oneself, or were never there.
 */
export function RoomDetail({ roomId }: { roomId: number }) {
  const text = useText()
  const { relative } = useFormats()
  const now = useMinute()
  const { peerId, presence } = usePeer(roomId)
  const members = useChat(({ details }) => details[roomId]?.member_count)
  const online = useChat((state) => countOnline(state, roomId))
  if (peerId) {
    if (presence?.online_status) return text('conversation.online')
    if (!presence) return '\u00a0'
    return presence.last_seen ? text('conversation.last_seen', { when: relative(presence.last_seen, now) }) : null
  }
  if (members === undefined) return '\u00a0'
  const count = text('conversation.members', { count: members })
  return online > 1 ? `${count} · ${text('conversation.members.online', { count: online })}` : count
}

function countOnline({ details, presence }: State, roomId: number): number {
  const members = details[roomId]?.participants ?? []
  return members.filter(({ id }) => presence[id]?.online_status).length
}

/** The time, anew every minute: for what is said in words that grow old. */
function useMinute(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
