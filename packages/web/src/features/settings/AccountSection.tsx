import { useClient, useMe } from '@confab/client/react'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { forgetDrafts } from '../../lib/drafts.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { DeleteAccount } from './DeleteAccount.tsx'
import { SettingsGroup } from './SettingsGroup.tsx'
import { saveFile } from './save-file.ts'

/** Logging out, here and everywhere; a copy of one's data; and the end of the account. */
export function AccountSection() {
  const text = useText()
  const [isDeleting, setIsDeleting] = useState(false)
  const [turn, setTurn] = useState(0)
  const askToDelete = () => {
    // Asked anew, it has forgotten what was typed.
    setTurn(turn + 1)
    setIsDeleting(true)
  }
  return (
    <>
      <SettingsGroup title={text('settings.account.leave')}>
        <LogOut />
      </SettingsGroup>
      <SettingsGroup title={text('settings.account.export')} detail={text('settings.account.export.hint')}>
        <ExportData />
      </SettingsGroup>
      <SettingsGroup title={text('settings.account.delete')} detail={text('settings.account.delete.hint')}>
        <Button kind="danger" className="self-start" onClick={askToDelete}>
          {text('settings.account.delete')}
        </Button>
        <DeleteAccount key={turn} isOpen={isDeleting} onClose={() => setIsDeleting(false)} />
      </SettingsGroup>
    </>
  )
}

function LogOut() {
  const text = useText()
  const client = useClient()
  const me = useMe()?.id
  const attempt = useAttempt()
  const [isLeaving, setIsLeaving] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const leave = async () => {
    setIsLeaving(true)
    if (me !== undefined) forgetDrafts(me)
    await attempt(() => client.logout())
  }
  const leaveEverywhere = async () => {
    await client.api.accounts.endOtherSessions()
    await leave()
  }
  return (
    <div className="flex flex-wrap gap-3">
      <Button isBusy={isLeaving} onClick={() => void leave()}>
        {text('settings.account.logout')}
      </Button>
      <Button onClick={() => setIsAsked(true)}>{text('settings.account.logout_everywhere')}</Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        title={text('settings.account.logout_everywhere.title')}
        description={text('settings.account.logout_everywhere.text')}
        action={text('settings.account.logout_everywhere')}
        onConfirm={leaveEverywhere}
      />
    </div>
  )
}

function ExportData() {
  const text = useText()
  const { api } = useClient()
  const username = useMe()?.username ?? ''
  const form = useForm([])
  const save = () =>
    form.submit(async () => {
      const data = await api.privacy.exportData()
      const date = new Date().toISOString().slice(0, 10)
      saveFile(
        `confab-${username}-${date}.json`,
        new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }),
      )
    })
  return (
    <>
      <Button
        className="self-start"
        icon={<Download size={16} aria-hidden />}
        isBusy={form.isBusy}
        onClick={() => void save()}
      >
        {text('settings.account.export.save')}
      </Button>
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
    </>
  )
}
