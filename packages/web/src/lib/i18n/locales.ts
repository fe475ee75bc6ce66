import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'

/** The languages of the app. `own` is a language's name in itself; `dir` which way it is written. */
export const locales = {
  en: { own: 'English', dir: 'ltr', load: () => import('virtual:messages/en') },
  de: { own: 'Deutsch', dir: 'ltr', load: () => import('virtual:messages/de') },
  ar: { own: 'العربية', dir: 'rtl', load: () => import('virtual:messages/ar') },
} as const satisfies Record<
  string,
  { own: string; dir: 'ltr' | 'rtl'; load: () => Promise<{ default: Record<string, MessageFormatElement[]> }> }
>

export type Locale = keyof typeof locales

/** A language as people of the device's region write it, for dates and numbers: `en-GB` for `en`. */
export function regionalTag(locale: Locale, device: readonly string[] = navigator.languages): string {
  return device.find((tag) => tag.toLowerCase().startsWith(`${locale}-`)) ?? locale
}

/** Whether the app has a language. */
export function isLocale(value: unknown): value is Locale {
  return typeof value === 'string' && value in locales
}

/** The first of the device's languages that there is; English otherwise. */
export function detectLocale(wanted: readonly string[] = navigator.languages): Locale {
  const found = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find(isLocale)
  return found ?? 'en'
}
