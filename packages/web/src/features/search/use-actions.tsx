import { useNavigate } from '@tanstack/react-router'
import { Bell, Moon, Settings, SquarePen, Sun, UserRound, UserRoundSearch } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useMediaQuery } from '../../lib/media-query.ts'
import { usePreference } from '../../lib/preferences.ts'
import type { Action } from './options.ts'

/** What can be done from the palette. */
export function useActions(): readonly Action[] {
  const text = useText()
  const navigate = useNavigate()
  const [theme, setTheme] = usePreference('theme')
  const isSystemDark = useMediaQuery('(prefers-color-scheme: dark)')
  const isDark = theme === 'system' ? isSystemDark : theme === 'dark'
  const size = 18
  return [
    {
      id: 'new',
      label: text('search.action.new'),
      icon: <SquarePen size={size} />,
      run: () => void navigate({ to: '/new' }),
    },
    {
      id: 'people',
      label: text('search.action.people'),
      icon: <UserRoundSearch size={size} />,
      run: () => void navigate({ to: '/people' }),
    },
    {
      id: 'notifications',
      label: text('search.action.notifications'),
      icon: <Bell size={size} />,
      run: () => void navigate({ to: '/notifications' }),
    },
    {
      id: 'theme',
      label: text(isDark ? 'search.action.light' : 'search.action.dark'),
      icon: isDark ? <Sun size={size} /> : <Moon size={size} />,
      run: () => setTheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'profile',
      label: text('search.action.profile'),
      icon: <UserRound size={size} />,
      run: () => void navigate({ to: '/settings/$section', params: { section: 'profile' } }),
    },
    {
      id: 'settings',
      label: text('search.action.settings'),
      icon: <Settings size={size} />,
      run: () => void navigate({ to: '/settings' }),
    },
  ]
}
