import { preferences, usePreference } from '../preferences.ts'
import { detectLocale, isLocale, type Locale } from './locales.ts'

/** The language that was chosen, or the device's. */
export function currentLocale(): Locale {
  const { locale } = preferences.get()
  return isLocale(locale) ? locale : detectLocale()
}

/** The language in use, what was chosen (`system` follows the device), and how to choose. */
export function useLocale(): [locale: Locale, chosen: Locale | 'system', choose: (chosen: Locale | 'system') => void] {
  const [chosen, choose] = usePreference('locale')
  return [isLocale(chosen) ? chosen : detectLocale(), isLocale(chosen) ? chosen : 'system', choose]
}
