import { MonitorDown } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useInstallPrompt } from '../../lib/install-prompt.ts'
import { Button } from '../../ui/Button.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'

/** Offers to install the app, where the browser can. */
export function InstallApp() {
  const text = useText()
  const install = useInstallPrompt()
  if (!install) return null
  return (
    <SettingsGroup title={text('settings.about.install')} detail={text('settings.about.install.hint')}>
      <Button className="self-start" icon={<MonitorDown size={16} aria-hidden />} onClick={install}>
        {text('settings.about.install')}
      </Button>
    </SettingsGroup>
  )
}
