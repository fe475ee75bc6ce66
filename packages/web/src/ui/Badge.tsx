import { useFormats } from '../lib/formats.ts'
import { classNames } from './class-names.ts'

/** A count on something. `label` says for screen readers what is counted; nothing is shown at 0. */
export function Badge({
  count,
  label,
  tone = 'fresh',
}: {
  count: number
  label: string
  tone?: 'fresh' | 'accent' | 'quiet'
}) {
  const { compact } = useFormats()
  if (count <= 0) return null
  return (
    <span
      className={classNames(
        'inline-grid h-5 min-w-5 shrink-0 place-items-center rounded-full px-1.5 text-2xs font-semibold tabular-nums',
        tones[tone],
      )}
    >
      <span aria-hidden>{count > 999 ? '999+' : compact(count)}</span>
      <span className="sr-only">{label}</span>
    </span>
  )
}

const tones = {
  fresh: 'bg-fresh text-on-fresh',
  accent: 'bg-accent text-on-accent',
  quiet: 'bg-sunken text-muted border border-line',
}
