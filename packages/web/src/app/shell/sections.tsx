import { selectUnreadTotal } from '@confab/client'
import { useChat, useMe, useNotifications, usePeople } from '@confab/client/react'
import { Bell, MessagesSquare, Settings, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'

/** A part of the app in the navigation. `count` of what waits there. */
export type Section = {
  id: 'chats' | 'people' | 'notifications' | 'settings'
  to: '/' | '/people' | '/notifications' | '/settings'
  label: string
  icon: ReactNode
  count: number
  countLabel: string
}

/** The parts of the app, in the order of the navigation. */
export function useSections(): Section[] {
  const text = useText()
  const unread = useChat(selectUnreadTotal)
  const { unreadCount } = useNotifications()
  const me = useMe()?.id
  const requests = usePeople().requests.filter(({ status, to_user }) => status === 'pending' && to_user === me).length
  return [
    {
      id: 'chats',
      to: '/',
      label: text('app.chats'),
      icon: <MessagesSquare size={22} aria-hidden />,
      count: unread,
      countLabel: text('app.chats.unread', { count: unread }),
    },
    {
      id: 'people',
      to: '/people',
      label: text('app.people'),
      icon: <UsersRound size={22} aria-hidden />,
      count: requests,
      countLabel: text('app.people.requests', { count: requests }),
    },
    {
      id: 'notifications',
      to: '/notifications',
      label: text('app.notifications'),
      icon: <Bell size={22} aria-hidden />,
      count: unreadCount,
      countLabel: text('app.notifications.unread', { count: unreadCount }),
    },
    {
      id: 'settings',
      to: '/settings',
      label: text('app.settings'),
      icon: <Settings size={22} aria-hidden />,
      count: 0,
      countLabel: '',
    },
  ]
}
