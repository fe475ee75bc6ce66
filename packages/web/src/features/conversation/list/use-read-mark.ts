import type { Message } from '@confab/client'
import { useClient, useStatus } from '@confab/client/react'
import { useEffect, useRef } from 'react'
import { usePageVisible } from '../../../lib/page-visible.ts'

/** The mark moves no more often than this. In ms. */
const PACE_MS = 500

/** Marks the room as read up to the last message that is in sight, while the page is. */
export function useReadMark(room: number, seen: Message | undefined): void {
  const client = useClient()
  const isVisible = usePageVisible()
  const status = useStatus()
  const markedAt = useRef(0)
  useEffect(() => {
    if (!seen || !isVisible || status !== 'live') return
    const entry = client.state.rooms.byId[room]
    if (!entry || entry.unread_count === 0 || seen.no <= (entry.read_no ?? 0)) return
    const mark = () => {
      markedAt.current = Date.now()
      // Where it fails the count stays, and the next message that is seen moves the mark.
      client.markRead(room, seen.id).catch(() => {})
    }
    const timer = setTimeout(mark, Math.max(0, markedAt.current + PACE_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [client, room, seen, isVisible, status])
}
