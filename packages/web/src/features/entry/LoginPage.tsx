import { useClient } from '@confab/client/react'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { EntryFrame, linkLook } from './EntryFrame.tsx'

/** Logs in by name or email, and goes on to `next`, a path of the app. */
export function LoginPage({ next = '/' }: { next: string | undefined }) {
  const text = useText()
  const client = useClient()
  const { history } = useRouter()
  const form = useForm(['identifier', 'password'])
  const [identifier, setIdentifier] = useState('')
  const [password, setPassword] = useState('')
  useDocumentTitle(text('entry.login'))

  const logIn = async () => {
    if (await form.submit(() => client.login({ identifier, password }))) history.replace(next)
  }

  return (
    <EntryFrame
      title={text('entry.login.title')}
      footer={
        <>
          {text('entry.login.new_here')}{' '}
          <Link to="/signup" search={next === '/' ? {} : { next }} className={linkLook}>
            {text('entry.signup')}
          </Link>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void logIn()
        }}
      >
        <TextField
          label={text('entry.identifier')}
          value={identifier}
          onChange={setIdentifier}
          error={form.errors.identifier}
          autoComplete="username"
          autoCapitalize="none"
          required
        />
        <PasswordField
          label={text('entry.password')}
          value={password}
          onChange={setPassword}
          error={form.errors.password}
          autoComplete="current-password"
          required
        />
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {form.failure}
        </p>
        <Button type="submit" kind="primary" size="lg" isBusy={form.isBusy}>
          {text('entry.login')}
        </Button>
      </form>
    </EntryFrame>
  )
}
