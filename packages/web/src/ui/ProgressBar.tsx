import { Progress } from '@base-ui/react/progress'

/** How much of something is done, 0 to 1; null where that is not known. */
export function ProgressBar({ label, value }: { label: string; value: number | null }) {
  return (
    <Progress.Root aria-label={label} value={value === null ? null : Math.round(value * 100)}>
      <Progress.Track className="h-1.5 overflow-hidden rounded-full bg-line">
        <Progress.Indicator className="h-full rounded-full bg-accent transition-[width] duration-(--calm) data-indeterminate:w-full data-indeterminate:animate-shimmer" />
      </Progress.Track>
    </Progress.Root>
  )
}
