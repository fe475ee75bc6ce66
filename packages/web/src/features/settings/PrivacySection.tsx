import { useText } from '../../lib/i18n/use-text.ts'
import { Select } from '../../ui/Select.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'
import { useProfileSetting } from './use-profile-setting.ts'

/** What others may do, and what they see. */
export function PrivacySection() {
  const text = useText()
  const [direct, setDirect] = useProfileSetting('allow_direct_messages')
  const [groups, setGroups] = useProfileSetting('allow_group_adds')
  const [email, setEmail] = useProfileSetting('email_visibility')
  const [presence, setPresence] = useProfileSetting('presence_visibility')
  const [receipts, setReceipts] = useProfileSetting('send_read_receipts')
  if (!direct || !groups || !email) return <Skeleton className="h-64" />
  const audience = [
    { value: 'everyone', label: text('settings.privacy.everyone') },
    { value: 'friends', label: text('settings.privacy.friends') },
  ] as const
  return (
    <>
      <SettingsGroup title={text('settings.privacy.contact')}>
        <Select label={text('settings.privacy.direct')} value={direct} onChange={setDirect} options={audience} />
        <Select label={text('settings.privacy.groups')} value={groups} onChange={setGroups} options={audience} />
      </SettingsGroup>
      <SettingsGroup title={text('settings.privacy.shown')}>
        <Select
          label={text('settings.privacy.email')}
          value={email}
          onChange={setEmail}
          options={[
            { value: 'nobody', label: text('settings.privacy.nobody') },
            { value: 'friends', label: text('settings.privacy.friends') },
          ]}
        />
        <Switch
          label={text('settings.privacy.presence')}
          hint={text('settings.privacy.presence.hint')}
          isOn={presence === 'everyone'}
          onChange={(isOn) => setPresence(isOn ? 'everyone' : 'nobody')}
        />
        <Switch
          label={text('settings.privacy.receipts')}
          hint={text('settings.privacy.receipts.hint')}
          isOn={receipts === true}
          onChange={setReceipts}
        />
      </SettingsGroup>
    </>
  )
}
