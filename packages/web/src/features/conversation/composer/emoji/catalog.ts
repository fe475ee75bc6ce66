import { useEffect, useState } from 'react'
import type { Locale } from '../../../../lib/i18n/locales.ts'
import { useLocale } from '../../../../lib/i18n/use-locale.ts'

/** An emoji, without a skin tone. */
export type Emoji = Readonly<{
  unicode: string
  /** As emojibase numbers them. */
  group: number
  name: string
  /** Other words for it, in lower case. */
  words: readonly string[]
  /** What stands between colons for it. */
  codes: readonly string[]
  hasTones: boolean
}>

/** All emoji, in the usual order, and those that shortcodes stand for. */
export type Catalog = Readonly<{ emoji: readonly Emoji[]; byCode: ReadonlyMap<string, Emoji> }>

const sources = {
  en: () => import('virtual:emoji/en'),
  de: () => import('virtual:emoji/de'),
  // There are no Arabic names.
  ar: () => import('virtual:emoji/en'),
} as const satisfies Record<Locale, unknown>

const loaded = new Map<Locale, Promise<Catalog>>()

/** Fetches the emoji with their names in a language, once. @throws TypeError where they cannot be fetched */
export function loadCatalog(locale: Locale): Promise<Catalog> {
  const known = loaded.get(locale)
  if (known) return known
  const loading = sources[locale]().then((module) => unpack(module.default))
  loaded.set(locale, loading)
  // The next to ask tries again.
  loading.catch(() => loaded.delete(locale))
  return loading
}

/** The emoji, once somebody wants them. Undefined until they are here, and where they could not be fetched. */
export function useCatalog(isWanted: boolean): Catalog | undefined {
  const [locale] = useLocale()
  const [found, setFound] = useState<{ locale: Locale; catalog: Catalog }>()
  useEffect(() => {
    if (!isWanted) return
    let isCurrent = true
    loadCatalog(locale).then(
      (catalog) => isCurrent && setFound({ locale, catalog }),
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [isWanted, locale])
  return found?.catalog
}

type Packed = typeof import('virtual:emoji/en')['default']

function unpack(packed: Packed): Catalog {
  const emoji = packed.map(([unicode, group, name, words, codes, tones]): Emoji => {
    const list = (text: string) => text.toLowerCase().split(' ').filter(Boolean)
    return { unicode, group, name, words: list(words), codes: list(codes), hasTones: tones === 1 }
  })
  const byCode = new Map<string, Emoji>()
  for (const one of emoji) for (const code of one.codes) if (!byCode.has(code)) byCode.set(code, one)
  return { emoji, byCode }
}
