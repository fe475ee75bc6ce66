import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'

/** Theme and density; both hold at once, in all tabs. */
export function AppearanceSection() {
  const text = useText()
  const [theme, setTheme] = usePreference('theme')
  const [density, setDensity] = usePreference('density')
  return (
    <>
      <section>
        <h2 className="mb-2 text-sm font-medium">{text('settings.appearance.theme')}</h2>
        <SegmentedControl
          label={text('settings.appearance.theme')}
          value={theme}
          onChange={setTheme}
          options={[
            { value: 'system', label: text('settings.appearance.theme.system') },
            { value: 'light', label: text('settings.appearance.theme.light') },
            { value: 'dark', label: text('settings.appearance.theme.dark') },
          ]}
        />
      </section>
      <section>
        <h2 className="mb-2 text-sm font-medium">{text('settings.appearance.density')}</h2>
        <SegmentedControl
          label={text('settings.appearance.density')}
          value={density}
          onChange={setDensity}
          options={[
            { value: 'comfortable', label: text('settings.appearance.density.comfortable') },
            { value: 'compact', label: text('settings.appearance.density.compact') },
          ]}
        />
      </section>
    </>
  )
}
