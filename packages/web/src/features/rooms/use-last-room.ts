import { useChat } from '@confab/client/react'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useLayout } from '../../lib/media-query.ts'
import { preferences, setPreference } from '../../lib/preferences.ts'

/**
 * Remembers the room that is open, and opens it again when one comes to the chats from elsewhere and there is room beside
 * the list. Whoever closes a room by hand is left where they are.
 */
export function useLastRoom(openRoom: number | undefined): void {
  const navigate = useNavigate()
  const isHome = useLocation({ select: ({ pathname }) => pathname === '/' })
  const isPhone = useLayout() === 'phone'
  const isReady = useChat((state) => state.isReady)
  const isThere = useChat(({ rooms }) => {
    const { lastRoom } = preferences.get()
    return lastRoom !== null && lastRoom in rooms.byId
  })
  const isArriving = useRef(true)
  useEffect(() => {
    if (!isReady) return
    const { lastRoom } = preferences.get()
    if (isArriving.current && isHome && !isPhone && isThere && lastRoom !== null) {
      void navigate({ to: '/rooms/$roomId', params: { roomId: lastRoom }, replace: true })
    }
    isArriving.current = false
  }, [isReady, isHome, isPhone, isThere, navigate])
  useEffect(() => {
    if (openRoom !== undefined && preferences.get().lastRoom !== openRoom) setPreference('lastRoom', openRoom)
  }, [openRoom])
}
