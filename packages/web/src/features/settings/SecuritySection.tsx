import { useText } from '../../lib/i18n/use-text.ts'
import { PasswordForm } from './PasswordForm.tsx'
import { Sessions } from './Sessions.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'

/** The password, and where one is logged in. */
export function SecuritySection() {
  const text = useText()
  return (
    <>
      <SettingsGroup title={text('settings.password')} detail={text('settings.password.hint')}>
        <PasswordForm />
      </SettingsGroup>
      <SettingsGroup title={text('settings.sessions')} detail={text('settings.sessions.hint')}>
        <Sessions />
      </SettingsGroup>
    </>
  )
}
