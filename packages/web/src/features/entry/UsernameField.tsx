import { CircleCheck } from 'lucide-react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Spinner } from '../../ui/Spinner.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useUsernameCheck } from './use-username-check.ts'

/**
 * A username to be, with whether it can be had, as it is typed.
 *
 * @param props.isRefused the server refused it when it came to it: somebody was faster
 */
export function UsernameField({
  value,
  onChange,
  isRefused,
}: {
  value: string
  onChange: (value: string) => void
  isRefused: boolean
}) {
  const text = useText()
  const { state, error } = useUsernameCheck(value)
  const isFree = state === 'free' && !isRefused
  const problem = error ?? (isRefused ? text('entry.username.taken') : undefined)
  return (
    <TextField
      label={text('entry.username')}
      // An error takes the place of the hint, so that nothing moves.
      hint={
        problem ? undefined : (
          <span aria-live="polite" className={isFree ? 'text-accent-ink' : undefined}>
            {isFree ? text('entry.username.free', { name: value }) : text('entry.username.hint')}
          </span>
        )
      }
      value={value}
      onChange={onChange}
      error={problem}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      trailing={
        <span aria-hidden className="grid size-8 place-items-center text-muted">
          {state === 'checking' ? <Spinner size={18} /> : null}
          {isFree ? <CircleCheck size={18} className="text-success" /> : null}
        </span>
      }
    />
  )
}
