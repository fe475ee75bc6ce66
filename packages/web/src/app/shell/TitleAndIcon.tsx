import { selectUnreadTotal } from '@confab/client'
import { useChat } from '@confab/client/react'
import { useEffect } from 'react'
import { useTitleWithBadge } from '../../lib/document-title.ts'

/** Keeps title and icon of the tab saying how much is unread. */
export function TitleAndIcon() {
  const unread = useChat(selectUnreadTotal)
  const hasUnread = unread > 0
  useTitleWithBadge(unread)
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (icon) icon.href = hasUnread ? '/favicon-unread.svg' : '/favicon.svg'
  }, [hasUnread])
  return null
}
