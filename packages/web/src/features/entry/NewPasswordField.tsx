import { useText } from '../../lib/i18n/use-text.ts'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { PasswordStrength } from './PasswordStrength.tsx'
import { usePasswordStrength } from './password-strength.ts'
import { useCapsLock } from './use-caps-lock.ts'

/** A password to be, with how strong it is. `personal` are the names of the person, that make a bad one. */
export function NewPasswordField({
  value,
  onChange,
  personal,
  error,
}: {
  value: string
  onChange: (value: string) => void
  personal: readonly string[]
  error: string | undefined
}) {
  const text = useText()
  const capsLock = useCapsLock()
  const strength = usePasswordStrength(value, personal)
  return (
    <PasswordField
      label={text('entry.password')}
      hint={
        <>
          <PasswordStrength strength={strength} />
          {capsLock.isOn ? <span className="block pt-1">{text('entry.caps_lock')}</span> : null}
        </>
      }
      value={value}
      onChange={onChange}
      error={error === undefined ? undefined : text('entry.password.weak')}
      autoComplete="new-password"
      required
      {...capsLock.handlers}
    />
  )
}
