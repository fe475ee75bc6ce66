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

/** Opens an account, and goes on to `next`, a path of the app. */
export function SignupPage({ next = '/' }: { next: string | undefined }) {
  const text = useText()
  const client = useClient()
  const { history } = useRouter()
  const form = useForm(['username', 'email', 'password', 'confirm_password'])
  const [username, setUsername] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  useDocumentTitle(text('entry.signup'))

  const signUp = async () => {
    const who = { username, password, confirm_password: password, ...(email && { email }) }
    if (await form.submit(() => client.register(who))) history.replace(next)
  }

  return (
    <EntryFrame
      title={text('entry.signup.title')}
      footer={
        <>
          {text('entry.signup.known_here')}{' '}
          <Link to="/login" search={next === '/' ? {} : { next }} className={linkLook}>
            {text('entry.login')}
          </Link>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void signUp()
        }}
      >
        <TextField
          label={text('entry.username')}
          value={username}
          onChange={setUsername}
          error={form.errors.username}
          autoComplete="username"
          autoCapitalize="none"
          required
        />
        <TextField
          label={text('entry.email')}
          hint={text('entry.email.hint')}
          type="email"
          value={email}
          onChange={setEmail}
          error={form.errors.email}
          autoComplete="email"
        />
        <PasswordField
          label={text('entry.password')}
          value={password}
          onChange={setPassword}
          error={form.errors.password ?? form.errors.confirm_password}
          autoComplete="new-password"
          required
        />
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {form.failure}
        </p>
        <Button type="submit" kind="primary" size="lg" isBusy={form.isBusy}>
          {text('entry.signup')}
        </Button>
      </form>
    </EntryFrame>
  )
}
