import { BellPlus } from 'lucide-react'
import { askToNotify, useNotificationPermission } from '../../lib/desktop-notifications.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { Button } from '../../ui/Button.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'

/** Says once that the desktop can tell, too; the browser asks only after a press. */
export function NotifyHint() {
  const text = useText()
  const permission = useNotificationPermission()
  const [isGone, setIsGone] = usePreference('isNotifyHintGone')
  const [, setIsWanted] = usePreference('desktopNotifications')
  if (isGone || permission !== 'default') return null
  const turnOn = async () => {
    const answer = await askToNotify()
    if (answer === 'granted') setIsWanted(true)
    if (answer !== 'default') setIsGone(true)
  }
  return (
    <KeptFocus>
      <aside
        aria-label={text('notifications.hint.title')}
        className="m-2 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg bg-accent-soft p-4"
      >
        <BellPlus size={22} aria-hidden className="shrink-0 text-accent-ink" />
        <div className="min-w-48 grow basis-0">
          <p className="text-sm font-semibold text-ink">{text('notifications.hint.title')}</p>
          <p className="text-sm text-muted">{text('notifications.hint.text')}</p>
        </div>
        <div className="flex gap-2">
          <Button size="sm" kind="ghost" onClick={() => setIsGone(true)}>
            {text('notifications.hint.later')}
          </Button>
          <Button size="sm" kind="primary" onClick={() => void turnOn()}>
            {text('notifications.hint.turn_on')}
          </Button>
        </div>
      </aside>
    </KeptFocus>
  )
}
