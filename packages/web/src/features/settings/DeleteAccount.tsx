import { useClient, useMe } from '@confab/client/react'
import { useId, useState } from 'react'
import { forgetDrafts } from '../../lib/drafts.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { TextField } from '../../ui/TextField.tsx'

/** Asks twice, by the name and by the password, before the account is gone for good. */
export function DeleteAccount({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText()
  const client = useClient()
  const me = useMe()
  const formId = useId()
  const form = useForm(['current_password'])
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  if (!me) return null
  const isCertain = name === me.username && password !== ''
  const remove = () =>
    form.submit(async () => {
      await client.deleteAccount(password)
      forgetDrafts(me.id)
    })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="sm"
      title={text('settings.account.delete.title')}
      description={text('settings.account.delete.text')}
      actions={
        <>
          <Button onClick={onClose}>{text('settings.account.delete.keep')}</Button>
          <Button type="submit" form={formId} kind="danger" isBusy={form.isBusy} disabled={!isCertain}>
            {text('settings.account.delete.confirm')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4 pt-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (isCertain) void remove()
        }}
      >
        <TextField
          label={text('settings.account.delete.name', { name: me.username })}
          value={name}
          onChange={setName}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField
          label={text('settings.account.delete.password')}
          value={password}
          onChange={setPassword}
          error={form.errors.current_password}
          autoComplete="current-password"
        />
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {form.failure}
        </p>
      </form>
    </Dialog>
  )
}
