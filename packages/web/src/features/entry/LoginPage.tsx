import { useClient } from '@confab/client/react'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { keepNextLogin } from '../../lib/login-tokens.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { EntryFrame, linkLook } from './EntryFrame.tsx'
import { useCapsLock } from './use-caps-lock.ts'
import { useWait } from './use-wait.ts'

/**
 * Logs in by name or email, and goes on to `next`, a path of the app.
 *
 * @param props.hasEnded whether one was logged in until a moment ago: says that nothing is lost
 */
export function LoginPage({ next = '/', hasEnded }: { next: string | undefined; hasEnded: boolean }) {
  const text = useText()
  const client = useClient()
  const { history } = useRouter()
  const form = useForm(['identifier', 'password'])
  const [identifier, setIdentifier] = useState('')
  const [password, setPassword] = useState('')
  const [isKept, setIsKept] = useState(true)
  const [wait, noteFailure] = useWait()
  const capsLock = useCapsLock()
  useDocumentTitle(text('entry.login'))

  const logIn = async (event: FormEvent) => {
    event.preventDefault()
    if (wait > 0) return
    keepNextLogin(isKept)
    const isIn = await form.submit(() =>
      client.login({ identifier: identifier.trim(), password }).catch((error: unknown) => {
        noteFailure(error)
        throw error
      }),
    )
    if (isIn) history.replace(next)
  }

  return (
    <EntryFrame
      title={text('entry.login.title')}
      lead={text(hasEnded ? 'entry.login.ended' : 'entry.login.lead')}
      footer={
        <>
          {text('entry.login.new_here')}{' '}
          <Link to="/signup" search={next === '/' ? {} : { next }} className={linkLook}>
            {text('entry.signup')}
          </Link>
        </>
      }
    >
      <form className="flex flex-col gap-4" onSubmit={(event) => void logIn(event)}>
        <TextField
          label={text('entry.identifier')}
          value={identifier}
          onChange={setIdentifier}
          error={form.errors.identifier}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <PasswordField
          label={text('entry.password')}
          hint={<span className="block min-h-4">{capsLock.isOn ? text('entry.caps_lock') : null}</span>}
          value={password}
          onChange={setPassword}
          error={form.errors.password}
          autoComplete="current-password"
          required
          {...capsLock.handlers}
        />
        <Checkbox label={text('entry.stay')} isChecked={isKept} onChange={setIsKept} />
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {wait > 0 ? text('entry.wait', { seconds: wait }) : form.failure}
        </p>
        <Button type="submit" kind="primary" size="lg" isBusy={form.isBusy} disabled={wait > 0}>
          {text('entry.login')}
        </Button>
      </form>
    </EntryFrame>
  )
}
