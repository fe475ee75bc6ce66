import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { controlLook, FieldFrame, type FieldTexts } from './FieldFrame.tsx'

export type TextFieldProps = Omit<ComponentPropsWithRef<'input'>, 'children' | 'onChange' | 'value'> &
  FieldTexts & {
    value: string
    onChange: (value: string) => void
    /** Stands at the end of the field, for example a button. */
    trailing?: ReactNode
  }

/** A line of text with its label, hint and error. */
export function TextField({
  label,
  hint,
  error,
  isLabelHidden,
  trailing,
  className,
  onChange,
  ...rest
}: TextFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} {...(isLabelHidden && { isLabelHidden })}>
      {(ids) => (
        <span className="relative block">
          <input
            type="text"
            {...rest}
            {...ids}
            onChange={(event) => onChange(event.target.value)}
            className={classNames(controlLook, 'h-11', trailing !== undefined && 'pe-12', className)}
          />
          {trailing === undefined ? null : (
            <span className="absolute inset-y-0 end-1 flex items-center">{trailing}</span>
          )}
        </span>
      )}
    </FieldFrame>
  )
}
