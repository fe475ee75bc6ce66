import { useId } from 'react'
import { useFormats } from '../lib/formats.ts'

/** One of a few views of a list. `count` stands beside its label; 0 is not shown. */
export type FilterChip<Value extends string> = { value: Value; label: string; count?: number }

/** Chooses what a list shows. A group of radio buttons: arrow keys go from one to the next. */
export function FilterChips<Value extends string>({
  label,
  value,
  chips,
  onChange,
}: {
  label: string
  value: Value
  chips: readonly FilterChip<Value>[]
  onChange: (value: Value) => void
}) {
  const name = useId()
  const { compact } = useFormats()
  return (
    <fieldset className="flex min-w-0 gap-1.5 overflow-x-auto p-0.5 [scrollbar-width:none]">
      <legend className="sr-only">{label}</legend>
      {chips.map((chip) => (
        <label
          key={chip.value}
          className="relative flex h-8 shrink-0 cursor-pointer items-center rounded-full border border-line px-3 text-xs font-medium text-muted transition-colors select-none hover:bg-hover has-checked:border-transparent has-checked:bg-selected has-checked:text-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:h-11"
        >
          <input
            type="radio"
            name={name}
            value={chip.value}
            checked={chip.value === value}
            onChange={() => onChange(chip.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {chip.label}
          {chip.count ? <span className="ms-1.5 tabular-nums">{compact(chip.count)}</span> : null}
        </label>
      ))}
    </fieldset>
  )
}
