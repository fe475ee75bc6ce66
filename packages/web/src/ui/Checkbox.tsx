import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'

/** A choice that counts once a form is sent, or one of several. */
export function Checkbox({
  label,
  isChecked,
  onChange,
  isDisabled = false,
}: {
  label: ReactNode
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  isDisabled?: boolean
}) {
  const id = useId()
  return (
    <div className="flex items-center gap-3 py-1.5">
      <Base.Root
        id={id}
        checked={isChecked}
        onCheckedChange={onChange}
        disabled={isDisabled}
        className="grid size-5 shrink-0 place-items-center rounded-sm border border-line-strong bg-raised transition-colors data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Indicator className="text-on-accent">
          <Check size={14} strokeWidth={3} aria-hidden />
        </Base.Indicator>
      </Base.Root>
      <label htmlFor={id} className="min-w-0 text-sm text-ink">
        {label}
      </label>
    </div>
  )
}
