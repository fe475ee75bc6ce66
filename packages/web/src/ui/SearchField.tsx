import { Search, X } from 'lucide-react'
import type { ComponentPropsWithRef } from 'react'
import { useText } from '../lib/i18n/use-text.ts'
import { classNames } from './class-names.ts'
import { controlLook } from './FieldFrame.tsx'
import { IconButton } from './IconButton.tsx'

export type SearchFieldProps = Omit<ComponentPropsWithRef<'input'>, 'onChange' | 'value' | 'type'> & {
  /** Its name for screen readers, and what stands in it while it is empty. */
  label: string
  value: string
  onChange: (value: string) => void
}

/** What to look for. Escape, and a button, empty it. */
export function SearchField({ label, value, onChange, className, onKeyDown, ...rest }: SearchFieldProps) {
  const text = useText()
  return (
    <search className={classNames('relative block', className)}>
      <Search size={18} aria-hidden className="pointer-events-none absolute inset-y-0 start-3 my-auto text-muted" />
      <input
        {...rest}
        type="search"
        enterKeyHint="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value) {
            event.stopPropagation()
            onChange('')
          } else onKeyDown?.(event)
        }}
        className={classNames(controlLook, 'h-10 ps-10 pe-10 text-sm [&::-webkit-search-cancel-button]:hidden')}
      />
      {value ? (
        <IconButton
          size="sm"
          className="absolute inset-y-0 end-1 my-auto"
          icon={<X size={16} aria-hidden />}
          label={text('ui.search.clear')}
          onClick={() => onChange('')}
        />
      ) : null}
    </search>
  )
}
