import { useMe } from '@confab/client/react'
import {
  Bell,
  Info,
  Keyboard,
  Languages,
  LockKeyhole,
  Megaphone,
  Palette,
  ShieldCheck,
  UserCog,
  UserRound,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { AboutSection } from './AboutSection.tsx'
import { AccountSection } from './AccountSection.tsx'
import { AnnouncementsSection } from './AnnouncementsSection.tsx'
import { AppearanceSection } from './AppearanceSection.tsx'
import { KeyboardSection } from './KeyboardSection.tsx'
import { LanguageSection } from './LanguageSection.tsx'
import { NotificationsSection } from './NotificationsSection.tsx'
import { PrivacySection } from './PrivacySection.tsx'
import { ProfileSection } from './ProfileSection.tsx'
import { SecuritySection } from './SecuritySection.tsx'

/** One section of the settings; `id` is its name in the address. */
export type SettingsSection = { id: string; label: string; icon: ReactNode; content: ReactNode }

/** All sections that are somebody's, in their order. */
export function useSettingsSections(): SettingsSection[] {
  const text = useText()
  const isStaff = useMe()?.is_staff ?? false
  const icon = { size: 20, 'aria-hidden': true }
  return [
    { id: 'profile', label: text('settings.profile'), icon: <UserRound {...icon} />, content: <ProfileSection /> },
    {
      id: 'notifications',
      label: text('settings.notifications'),
      icon: <Bell {...icon} />,
      content: <NotificationsSection />,
    },
    {
      id: 'appearance',
      label: text('settings.appearance'),
      icon: <Palette {...icon} />,
      content: <AppearanceSection />,
    },
    { id: 'language', label: text('settings.language'), icon: <Languages {...icon} />, content: <LanguageSection /> },
    { id: 'keyboard', label: text('settings.keyboard'), icon: <Keyboard {...icon} />, content: <KeyboardSection /> },
    { id: 'privacy', label: text('settings.privacy'), icon: <ShieldCheck {...icon} />, content: <PrivacySection /> },
    {
      id: 'security',
      label: text('settings.security'),
      icon: <LockKeyhole {...icon} />,
      content: <SecuritySection />,
    },
    { id: 'account', label: text('settings.account'), icon: <UserCog {...icon} />, content: <AccountSection /> },
    ...(isStaff
      ? [
          {
            id: 'announcements',
            label: text('settings.announcements'),
            icon: <Megaphone {...icon} />,
            content: <AnnouncementsSection />,
          },
        ]
      : []),
    { id: 'about', label: text('settings.about'), icon: <Info {...icon} />, content: <AboutSection /> },
  ]
}
