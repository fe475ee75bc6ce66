import { type ReactNode, useId } from 'react'

/** What every field with a label has. */
export type FieldTexts = {
  label: string
  hint?: ReactNode
  /** What is wrong with it. */
  error?: string | undefined
  /** Says the label to screen readers only. */
  isLabelHidden?: boolean
}

/** The attributes that tie a control to its label, hint and error. */
export type FieldIds = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }

/** Label above, control, hint and error below. The error is announced when it appears. */
export function FieldFrame({
  label,
  hint,
  error,
  isLabelHidden = false,
  children,
}: FieldTexts & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-sm font-medium text-ink'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': Boolean(error) })}
      {hint ? (
        <div id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </div>
      ) : null}
      <p id={`${id}-error`} aria-live="polite" className="text-sm text-danger-ink empty:hidden">
        {error}
      </p>
    </div>
  )
}

/** What a control that takes text looks like. */
export const controlLook =
  'w-full rounded-md border border-line-strong bg-raised px-3 text-ink placeholder:text-faint transition-colors ' +
  'hover:border-muted focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-60'
