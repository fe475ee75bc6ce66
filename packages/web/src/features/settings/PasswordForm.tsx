import { useClient, useMe } from '@confab/client/react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { showToast } from '../../ui/toasts.ts'

/** Changes the password, which logs out all other devices. */
export function PasswordForm() {
  const text = useText()
  const { api } = useClient()
  const queries = useQueryClient()
  const username = useMe()?.username
  const form = useForm(['old_password', 'new_password', 'confirm_password'])
  const [before, setBefore] = useState('')
  const [after, setAfter] = useState('')
  const change = async () => {
    const body = { old_password: before, new_password: after, confirm_password: after }
    if (!(await form.submit(() => api.accounts.updateProfile({ body })))) return
    setBefore('')
    setAfter('')
    showToast({ title: text('settings.password.changed') })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void change()
      }}
    >
      {/* Password managers look for whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={username ?? ''} readOnly hidden />
      <PasswordField
        label={text('settings.password.old')}
        value={before}
        onChange={setBefore}
        error={form.errors.old_password}
        autoComplete="current-password"
        required
      />
      <PasswordField
        label={text('settings.password.new')}
        value={after}
        onChange={setAfter}
        error={form.errors.new_password ?? form.errors.confirm_password}
        autoComplete="new-password"
        required
      />
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {form.failure}
      </p>
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        {text('settings.password.change')}
      </Button>
    </form>
  )
}
