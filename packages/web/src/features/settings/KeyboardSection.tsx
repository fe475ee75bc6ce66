import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { Switch } from '../../ui/Switch.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'
import { ShortcutList } from './shortcuts.tsx'

/** What Enter does, and all other keys. */
export function KeyboardSection() {
  const text = useText()
  const [enterSends, setEnterSends] = usePreference('enterSends')
  return (
    <>
      <SettingsGroup title={text('settings.keyboard.writing')}>
        <Switch
          label={text('settings.keyboard.enter')}
          hint={text('settings.keyboard.enter.hint')}
          isOn={enterSends}
          onChange={setEnterSends}
        />
      </SettingsGroup>
      <SettingsGroup title={text('settings.shortcuts')}>
        <div>
          <ShortcutList />
        </div>
      </SettingsGroup>
    </>
  )
}
