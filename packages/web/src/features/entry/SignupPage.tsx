import { useClient } from '@confab/client/react'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { keepNextLogin } from '../../lib/login-tokens.ts'
import { useForm } from '../../lib/use-form.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { EntryFrame, linkLook } from './EntryFrame.tsx'
import { NewPasswordField } from './NewPasswordField.tsx'
import { UsernameField } from './UsernameField.tsx'
import { useWait } from './use-wait.ts'
import { looksLikeEmail } from './username.ts'

/** Opens an account, and goes on to `next`, a path of the app. What is wrong is said as soon as it can be known. */
export function SignupPage({ next = '/' }: { next: string | undefined }) {
  const text = useText()
  const client = useClient()
  const { history } = useRouter()
  const form = useForm(['username', 'email', 'password', 'confirm_password'])
  const [wait, noteFailure] = useWait()
  const [username, setUsername] = useState('')
  const [email, setEmail] = useState('')
  const [isEmailLeft, setIsEmailLeft] = useState(false)
  const [password, setPassword] = useState('')
  // What the server said is of what was sent, and of nothing that was typed since.
  const [sent, setSent] = useState({ username: '', email: '', password: '' })
  const refused = (field: 'username' | 'email' | 'password', now: string) =>
    sent[field] === now ? form.errors[field] : undefined
  useDocumentTitle(text('entry.signup'))

  const isEmailWrong = isEmailLeft && email !== '' && !looksLikeEmail(email.trim())
  const isEmailTaken = refused('email', email) !== undefined && looksLikeEmail(email.trim())
  const emailProblem =
    (isEmailWrong && text('entry.email.wrong')) || (isEmailTaken ? text('entry.email.taken') : refused('email', email))
  const signUp = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const first = event.currentTarget.querySelector<HTMLInputElement>('[aria-invalid=true]')
    if (first || wait > 0) return first?.focus()
    keepNextLogin(true)
    setSent({ username, email, password })
    const who = { username, password, confirm_password: password, ...(email && { email: email.trim() }) }
    const isIn = await form.submit(() =>
      client.register(who).catch((error: unknown) => {
        noteFailure(error)
        throw error
      }),
    )
    if (isIn) history.replace(next)
  }

  return (
    <EntryFrame
      title={text('entry.signup.title')}
      lead={text('entry.signup.lead')}
      footer={
        <>
          {text('entry.signup.known_here')}{' '}
          <Link to="/login" search={next === '/' ? {} : { next }} className={linkLook}>
            {text('entry.login')}
          </Link>
        </>
      }
    >
      <form className="flex flex-col gap-4" noValidate onSubmit={(event) => void signUp(event)}>
        <UsernameField
          value={username}
          onChange={setUsername}
          isRefused={refused('username', username) !== undefined}
        />
        <TextField
          label={text('entry.email')}
          hint={emailProblem ? undefined : text('entry.email.hint')}
          type="email"
          value={email}
          onChange={setEmail}
          onBlur={() => setIsEmailLeft(true)}
          error={emailProblem}
          autoComplete="email"
        />
        <NewPasswordField
          value={password}
          onChange={setPassword}
          personal={[username, email]}
          error={refused('password', password) ?? form.errors.confirm_password}
        />
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {wait > 0 ? text('entry.wait', { seconds: wait }) : form.failure}
        </p>
        <Button
          type="submit"
          kind="primary"
          size="lg"
          isBusy={form.isBusy}
          disabled={wait > 0 || username === '' || password === ''}
        >
          {text('entry.signup')}
        </Button>
      </form>
    </EntryFrame>
  )
}
