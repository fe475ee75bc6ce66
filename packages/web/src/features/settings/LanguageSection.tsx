import { type Locale, locales } from '../../lib/i18n/locales.ts'
import { useLocale } from '../../lib/i18n/use-locale.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { Select } from '../../ui/Select.tsx'

const available: readonly Locale[] = ['en', 'de', 'ar']

/** The language of the app; by default the device's. */
export function LanguageSection() {
  const text = useText()
  const [, chosen, choose] = useLocale()
  return (
    <Select<Locale | 'system'>
      label={text('settings.language')}
      value={chosen}
      onChange={choose}
      options={[
        { value: 'system', label: text('settings.language.system') },
        ...available.map((locale) => ({ value: locale, label: locales[locale].own })),
      ]}
    />
  )
}
