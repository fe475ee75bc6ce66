import { Slider as Base } from '@base-ui/react/slider'

/** Chooses a number between two. */
export function Slider({
  label,
  value,
  onChange,
  min = 0,
  max = 100,
  step = 1,
  isLabelHidden = false,
}: {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number
  max?: number
  step?: number
  /** Says the label to screen readers only. */
  isLabelHidden?: boolean
}) {
  return (
    <Base.Root
      value={value}
      min={min}
      max={max}
      step={step}
      onValueChange={(chosen) => onChange(chosen)}
      className="flex flex-col gap-1.5"
    >
      <Base.Label className={isLabelHidden ? 'sr-only' : 'text-sm font-medium text-ink'}>{label}</Base.Label>
      <Base.Control className="flex h-8 w-full touch-none items-center select-none">
        <Base.Track className="h-1.5 w-full rounded-full bg-line-strong">
          <Base.Indicator className="rounded-full bg-accent" />
          <Base.Thumb className="size-5 rounded-full border-2 border-accent bg-raised shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent" />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  )
}
