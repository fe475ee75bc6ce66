import { DirectionProvider } from '@base-ui/react/direction-provider'
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { IntlProvider } from 'react-intl'
import { type Locale, locales, regionalTag } from './locales.ts'
import { useLocale } from './use-locale.ts'

/** The compiled texts of a language. */
export type Messages = Readonly<{ locale: Locale; texts: Record<string, MessageFormatElement[]> }>

/** Fetches the texts of a language. @throws TypeError where they cannot be fetched */
export async function loadMessages(locale: Locale): Promise<Messages> {
  return { locale, texts: (await locales[locale].load()).default }
}

/**
 * Gives the app its language, its direction, and `<html>` both. When another language is chosen, the one there is stays
 * until the texts of the other are here.
 *
 * @param messages those to begin with
 */
export function IntlRoot({ messages: first, children }: { messages: Messages; children: ReactNode }) {
  const [wanted] = useLocale()
  const [{ locale, texts }, setMessages] = useState(first)
  const { dir } = locales[locale]
  useEffect(() => {
    let isWanted = true
    // Without a network the language stays as it is; it is fetched when it is chosen again or the page is loaded.
    loadMessages(wanted).then(
      (loaded) => isWanted && setMessages(loaded),
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [wanted])
  useLayoutEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = dir
  }, [locale, dir])
  return (
    <IntlProvider locale={regionalTag(locale)} messages={texts}>
      <DirectionProvider direction={dir}>{children}</DirectionProvider>
    </IntlProvider>
  )
}
