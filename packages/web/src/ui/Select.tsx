import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { classNames } from './class-names.ts'
import { controlLook } from './FieldFrame.tsx'
import { itemLook, popupLook } from './popup-look.ts'

/** One of the things to choose from. */
export type SelectOption<Value extends string> = { value: Value; label: string }

/** Chooses one of some. */
export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  isDisabled = false,
}: {
  label: string
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
  isDisabled?: boolean
}) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(chosen) => chosen !== null && onChange(chosen)}
      disabled={isDisabled}
      modal={false}
    >
      <div className="flex flex-col gap-1.5">
        <Base.Label className="text-sm font-medium text-ink">{label}</Base.Label>
        <Base.Trigger className={classNames(controlLook, 'flex h-11 items-center justify-between gap-2 text-start')}>
          <Base.Value />
          <Base.Icon className="text-muted">
            <ChevronsUpDown size={16} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner className="z-50" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={classNames(popupLook, 'max-h-(--available-height) min-w-(--anchor-width)')}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={itemLook}>
                <Base.ItemText className="grow">{option.label}</Base.ItemText>
                <Base.ItemIndicator className="text-accent-ink">
                  <Check size={16} aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
