import { Languages, Palette, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { AppearanceSection } from './AppearanceSection.tsx'
import { LanguageSection } from './LanguageSection.tsx'
import { ProfileSection } from './ProfileSection.tsx'

/** One section of the settings; `id` is its name in the address. */
export type SettingsSection = { id: string; label: string; icon: ReactNode; content: ReactNode }

/** All sections, in their order. */
export function useSettingsSections(): SettingsSection[] {
  const text = useText()
  return [
    {
      id: 'profile',
      label: text('settings.profile'),
      icon: <UserRound size={20} aria-hidden />,
      content: <ProfileSection />,
    },
    {
      id: 'appearance',
      label: text('settings.appearance'),
      icon: <Palette size={20} aria-hidden />,
      content: <AppearanceSection />,
    },
    {
      id: 'language',
      label: text('settings.language'),
      icon: <Languages size={20} aria-hidden />,
      content: <LanguageSection />,
    },
  ]
}
