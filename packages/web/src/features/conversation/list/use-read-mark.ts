import type { Message, RoomEntry } from '@confab/client'
import { useChat, useClient, useStatus } from '@confab/client/react'
import { useEffect, useRef, useState } from 'react'
import { usePageVisible } from '../../../lib/page-visible.ts'

/** The mark moves no more often than this. In ms. */
const PACE_MS = 500

/** Where it could not be moved it is tried again after this long. In ms. */
const RETRY_MS = 5_000

/** Marks the room as read up to the last message that is in sight, while the page is. */
export function useReadMark(room: number, seen: Message | undefined): void {
  const client = useClient()
  const isVisible = usePageVisible()
  const status = useStatus()
  const isUnread = useChat(({ rooms }) => seen !== undefined && mayBeUnread(rooms.byId[room], seen))
  // By a clock that nobody sets, since the device's own may be put right meanwhile.
  const markedAt = useRef(Number.NEGATIVE_INFINITY)
  const [retryAt, setRetryAt] = useState(0)
  useEffect(() => {
    if (!seen || !isUnread || !isVisible || status !== 'live') return
    const mark = () => {
      markedAt.current = performance.now()
      client.markRead(room, seen.id).catch(() => setRetryAt(performance.now() + RETRY_MS))
    }
    const at = Math.max(markedAt.current + PACE_MS, retryAt)
    const timer = setTimeout(mark, Math.max(0, at - performance.now()))
    return () => clearTimeout(timer)
  }, [client, room, seen, isUnread, isVisible, status, retryAt])
}

/** Of a room that the list does not reach it is not known. */
function mayBeUnread(entry: RoomEntry | undefined, { no }: Message): boolean {
  return entry === undefined || (entry.unread_count > 0 && no > (entry.read_no ?? 0))
}
