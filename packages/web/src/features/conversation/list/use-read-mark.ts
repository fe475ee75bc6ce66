import type { Message } from '@confab/client'
import { useClient, useStatus } from '@confab/client/react'
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
  const markedAt = useRef(0)
  const [retryAt, setRetryAt] = useState(0)
  useEffect(() => {
    if (!seen || !isVisible || status !== 'live') return
    const entry = client.state.rooms.byId[room]
    if (!entry || entry.unread_count === 0 || seen.no <= (entry.read_no ?? 0)) return
    const mark = () => {
      markedAt.current = Date.now()
      client.markRead(room, seen.id).catch(() => setRetryAt(Date.now() + RETRY_MS))
    }
    const at = Math.max(markedAt.current + PACE_MS, retryAt)
    const timer = setTimeout(mark, Math.max(0, at - Date.now()))
    return () => clearTimeout(timer)
  }, [client, room, seen, isVisible, status, retryAt])
}
