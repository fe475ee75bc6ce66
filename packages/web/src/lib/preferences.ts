import type { Locale } from './i18n/locales.ts'
import { createStored, useStored } from './stored.ts'

/** What a person chose on this device. */
export type Preferences = Readonly<{
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  textSize: 'small' | 'medium' | 'large'
  locale: Locale | 'system'
  /** Notifications of the desktop while the page is hidden. */
  desktopNotifications: boolean
  /** Whether the hint that there are such is not to come again. */
  isNotifyHintGone: boolean
  sounds: boolean
  /** Until then nothing rings and nothing pops up: ISO 8601; null for not at all. */
  quietUntil: string | null
  /** Whether Enter sends; otherwise it makes a line, and Ctrl or Cmd with Enter sends. */
  enterSends: boolean
  /** The room last looked at, where the app opens. */
  lastRoom: number | null
}>

const defaults: Preferences = {
  theme: 'system',
  density: 'comfortable',
  textSize: 'medium',
  locale: 'system',
  desktopNotifications: false,
  isNotifyHintGone: false,
  sounds: false,
  quietUntil: null,
  enterSends: true,
  lastRoom: null,
}

/** Also read by `public/appearance.js`, before the first paint, and `public/load-failure.js`. */
export const preferences = createStored<Preferences>('confab.preferences', (stored) => ({
  ...defaults,
  ...(typeof stored === 'object' ? stored : {}),
}))

/** Changes one of them, outside of components. */
export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  preferences.set({ ...preferences.get(), [name]: value })
}

/** One of them, and how to change it. */
export function usePreference<Name extends keyof Preferences>(
  name: Name,
): [value: Preferences[Name], set: (value: Preferences[Name]) => void] {
  return [useStored(preferences)[name], (value) => setPreference(name, value)]
}
