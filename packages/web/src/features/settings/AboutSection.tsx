import { useClient } from '@confab/client/react'
import { useText } from '../../lib/i18n/use-text.ts'
import { InstallApp } from './InstallApp.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'

/** Which version it is, of which server, and how to have it as an app. */
export function AboutSection() {
  const text = useText()
  const { http } = useClient()
  return (
    <>
      <div className="flex items-center gap-4">
        <img src="/favicon.svg" alt="" className="size-14" />
        <div>
          <p className="text-xl font-semibold text-ink">Confab</p>
          <p className="text-sm text-muted">{text('settings.about.version', { version: __CONFAB_VERSION__ })}</p>
        </div>
      </div>
      <SettingsGroup title={text('settings.about.server')} detail={text('settings.about.server.hint')}>
        <p className="text-sm wrap-anywhere text-ink">
          <bdi>{new URL(http.url).host}</bdi>
        </p>
      </SettingsGroup>
      <InstallApp />
    </>
  )
}
