import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { IconButton } from './IconButton.tsx'
import { TextField, type TextFieldProps } from './TextField.tsx'

/** A password, that can be looked at while it is typed. Give it `autoComplete`: `current-password` or `new-password`. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'trailing'>) {
  const text = useText()
  const [isShown, setIsShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      trailing={
        <IconButton
          size="sm"
          icon={<Icon size={18} aria-hidden />}
          label={text('ui.password.show')}
          isPressed={isShown}
          onClick={() => setIsShown(!isShown)}
        />
      }
    />
  )
}
