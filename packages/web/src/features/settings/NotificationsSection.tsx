import { playChime } from '../../lib/chime.ts'
import { askToNotify, useNotificationPermission } from '../../lib/desktop-notifications.ts'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { isQuiet, type QuietChoice, quietUntil } from '../../lib/quiet.ts'
import { Button } from '../../ui/Button.tsx'
import { KeptFocus } from '../../ui/KeptFocus.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { MutedRooms } from './MutedRooms.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'

/** What rings, what pops up, when there is quiet, and which rooms are silent. */
export function NotificationsSection() {
  const text = useText()
  const [sounds, setSounds] = usePreference('sounds')
  return (
    <>
      <SettingsGroup title={text('settings.notifications.device')}>
        <DesktopSwitch />
        <Switch
          label={text('settings.notifications.sounds')}
          hint={text('settings.notifications.sounds.hint')}
          isOn={sounds}
          onChange={(isOn) => {
            setSounds(isOn)
            // A device without sound stays silent.
            if (isOn) playChime().catch(() => {})
          }}
        />
      </SettingsGroup>
      <Quiet />
      <SettingsGroup title={text('settings.notifications.muted')} detail={text('settings.notifications.muted.hint')}>
        <MutedRooms />
      </SettingsGroup>
    </>
  )
}

function DesktopSwitch() {
  const text = useText()
  const permission = useNotificationPermission()
  const [isWanted, setIsWanted] = usePreference('desktopNotifications')
  const change = async (isOn: boolean) => {
    if (isOn && permission === 'default' && (await askToNotify()) !== 'granted') return
    setIsWanted(isOn)
  }
  const hints = {
    unsupported: text('settings.notifications.desktop.unsupported'),
    denied: text('settings.notifications.desktop.denied'),
  }
  return (
    <Switch
      label={text('settings.notifications.desktop')}
      hint={
        permission === 'unsupported' || permission === 'denied'
          ? hints[permission]
          : text('settings.notifications.desktop.hint')
      }
      isOn={isWanted && permission === 'granted'}
      isDisabled={permission === 'unsupported' || permission === 'denied'}
      onChange={(isOn) => void change(isOn)}
    />
  )
}

function Quiet() {
  const text = useText()
  const { time, day } = useFormats()
  const [until, setUntil] = usePreference('quietUntil')
  const isOn = isQuiet(new Date(), until)
  const choose = (choice: QuietChoice) => setUntil(quietUntil(choice))
  return (
    <SettingsGroup title={text('settings.notifications.quiet')} detail={text('settings.notifications.quiet.hint')}>
      <KeptFocus key={String(isOn)}>
        {isOn && until !== null ? (
          <div className="flex items-center justify-between gap-4">
            <p role="status" className="text-sm text-ink">
              {text('settings.notifications.quiet.until', { time: time(until), day: day(until) })}
            </p>
            <Button onClick={() => choose('off')}>{text('settings.notifications.quiet.end')}</Button>
          </div>
        ) : (
          <Menu
            align="start"
            trigger={<Button className="self-start">{text('settings.notifications.quiet.begin')}</Button>}
            entries={[
              {
                key: 'half_hour',
                label: text('settings.notifications.quiet.half_hour'),
                onSelect: () => choose('half_hour'),
              },
              { key: 'hours', label: text('settings.notifications.quiet.hours'), onSelect: () => choose('hours') },
              {
                key: 'morning',
                label: text('settings.notifications.quiet.morning'),
                onSelect: () => choose('morning'),
              },
            ]}
          />
        )}
      </KeptFocus>
    </SettingsGroup>
  )
}
