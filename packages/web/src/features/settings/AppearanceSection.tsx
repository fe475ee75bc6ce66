import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'

/** Theme, density and text size; all hold at once, in all tabs. */
export function AppearanceSection() {
  const text = useText()
  const [theme, setTheme] = usePreference('theme')
  const [density, setDensity] = usePreference('density')
  const [textSize, setTextSize] = usePreference('textSize')
  return (
    <>
      <SettingsGroup title={text('settings.appearance.theme')}>
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
      </SettingsGroup>
      <SettingsGroup title={text('settings.appearance.density')}>
        <SegmentedControl
          label={text('settings.appearance.density')}
          value={density}
          onChange={setDensity}
          options={[
            { value: 'comfortable', label: text('settings.appearance.density.comfortable') },
            { value: 'compact', label: text('settings.appearance.density.compact') },
          ]}
        />
      </SettingsGroup>
      <SettingsGroup title={text('settings.appearance.text')}>
        <SegmentedControl
          label={text('settings.appearance.text')}
          value={textSize}
          onChange={setTextSize}
          options={[
            { value: 'small', label: text('settings.appearance.text.small') },
            { value: 'medium', label: text('settings.appearance.text.medium') },
            { value: 'large', label: text('settings.appearance.text.large') },
          ]}
        />
      </SettingsGroup>
    </>
  )
}
