import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names.ts'

type IconButtonKind = 'plain' | 'primary'

export type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'children' | 'aria-label'> & {
  icon: ReactNode
  /** Its name for those who do not see it, and its tooltip for those who do. */
  label: string
  size?: 'sm' | 'md' | 'lg'
  kind?: IconButtonKind
  /** Of a button that switches something: whether it is on. */
  isPressed?: boolean
  tooltipSide?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
}

/** What a finger has to meet is 44 px at least; of a small one, that mostly stands inside something, more than is seen. */
const sizes = {
  sm: 'size-8 pointer-coarse:not-[.absolute]:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-1.5',
  md: 'size-10 pointer-coarse:size-11',
  lg: 'size-12',
}

const kinds: Record<IconButtonKind, string> = {
  plain: 'text-muted hover:bg-hover hover:text-ink',
  primary: 'bg-accent text-on-accent enabled:hover:bg-accent-hover',
}

/** A button with a picture only. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, size = 'md', kind = 'plain', isPressed, tooltipSide, className, ...rest } = props
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      data-tooltip={label}
      {...(tooltipSide && { 'data-tooltip-side': tooltipSide })}
      {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
      className={classNames(iconButtonLook(size, kind), isPressed && 'bg-selected text-accent-ink', className)}
    >
      {icon}
    </button>
  )
}

/** What a button with a picture looks like, for links that look like one. */
export function iconButtonLook(size: 'sm' | 'md' | 'lg' = 'md', kind: IconButtonKind = 'plain'): string {
  return classNames(
    'inline-grid shrink-0 place-items-center rounded-md transition-colors disabled:opacity-50',
    sizes[size],
    kinds[kind],
  )
}
