import type { ComponentPropsWithRef } from 'react'
import { classNames } from './class-names.ts'
import { controlLook, FieldFrame, type FieldTexts } from './FieldFrame.tsx'

export type TextAreaProps = Omit<ComponentPropsWithRef<'textarea'>, 'onChange' | 'value'> &
  FieldTexts & { value: string; onChange: (value: string) => void }

/** Several lines, as high as what is in it, up to twelve lines. */
export function TextArea({ label, hint, error, isLabelHidden, className, onChange, ...rest }: TextAreaProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} {...(isLabelHidden && { isLabelHidden })}>
      {(ids) => (
        <GrowingText
          // While it is empty it has the direction of the app.
          {...(rest.value && { dir: 'auto' })}
          {...rest}
          {...ids}
          onChange={onChange}
          className={classNames(controlLook, 'py-2.5', className)}
        />
      )}
    </FieldFrame>
  )
}

/**
 * A text area without a frame that grows with its text. A copy of the text behind it makes the height, which costs no
 * measuring; where the browser can do it by itself, it does.
 */
export function GrowingText({
  className,
  value,
  onChange,
  ...rest
}: Omit<ComponentPropsWithRef<'textarea'>, 'onChange' | 'value'> & {
  value: string
  onChange: (value: string) => void
}) {
  return (
    <span className="grid w-full">
      <span aria-hidden className={classNames(className, cell, 'pointer-events-none invisible overflow-hidden')}>
        {`${value}\n`}
      </span>
      <textarea
        rows={1}
        {...rest}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(className, cell, 'resize-none overflow-y-auto')}
      />
    </span>
  )
}

const cell = 'col-start-1 row-start-1 max-h-72 min-w-0 whitespace-pre-wrap wrap-anywhere'
