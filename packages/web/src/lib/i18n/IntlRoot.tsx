import { DirectionProvider } from '@base-ui/react/direction-provider'
import { type ReactNode, use, useLayoutEffect } from 'react'
import { IntlProvider } from 'react-intl'
import { type Locale, locales } from './locales.ts'
import { useLocale } from './use-locale.ts'

const loading = new Map<Locale, ReturnType<(typeof locales)[Locale]['load']>>()

/** Begins to load the texts of a language; once. */
export function loadMessages(locale: Locale): ReturnType<(typeof locales)[Locale]['load']> {
  const known = loading.get(locale) ?? locales[locale].load()
  loading.set(locale, known)
  return known
}

/** Gives the app its language, its direction, and `<html>` both. Suspends until the texts are here. */
export function IntlRoot({ children }: { children: ReactNode }) {
  const [locale] = useLocale()
  const { default: messages } = use(loadMessages(locale))
  const { dir } = locales[locale]
  useLayoutEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = dir
  }, [locale, dir])
  return (
    <IntlProvider locale={locale} messages={messages}>
      <DirectionProvider direction={dir}>{children}</DirectionProvider>
    </IntlProvider>
  )
}
