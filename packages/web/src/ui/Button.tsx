import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Spinner } from './Spinner.tsx'

/** How much a button asks to be pressed: one `primary` a view, `danger` for what cannot be taken back. */
export type ButtonKind = 'primary' | 'secondary' | 'ghost' | 'danger'

export type ButtonProps = ComponentPropsWithRef<'button'> & {
  kind?: ButtonKind
  size?: 'sm' | 'md' | 'lg'
  icon?: ReactNode
  /** Something is under way: shows it, and takes no further press, but stays focused. */
  isBusy?: boolean
}

/** What a button looks like, for links that look like one. */
export function buttonLook({ kind = 'secondary', size = 'md' }: Pick<ButtonProps, 'kind' | 'size'> = {}): string {
  return classNames(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium transition-colors select-none',
    'disabled:opacity-55 aria-disabled:opacity-55',
    sizes[size],
    kinds[kind],
  )
}

const sizes = { sm: 'h-8 px-3 text-sm', md: 'h-10 px-4 text-sm', lg: 'h-12 px-5 text-base' }

const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-surface text-ink hover:bg-hover',
  ghost: 'text-ink hover:bg-hover',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
}

/** A button with a text. */
export function Button({ kind, size, icon, isBusy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      {...(isBusy ? { 'aria-disabled': true } : {})}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
      className={classNames(buttonLook({ ...(kind && { kind }), ...(size && { size }) }), className)}
    >
      {isBusy ? <Spinner size={16} /> : icon}
      {children}
    </button>
  )
}
