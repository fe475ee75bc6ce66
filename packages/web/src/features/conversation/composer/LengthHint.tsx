import { useText } from '../../../lib/i18n/use-text.ts'

/** From so many characters before the limit on it is shown. */
const NEAR = 500

/** How much room is left in a long message, near its end and beyond it. */
export function LengthHint({ length, max }: { length: number; max: number | undefined }) {
  const text = useText()
  const left = max === undefined ? Number.POSITIVE_INFINITY : max - length
  if (max === undefined || left > Math.min(NEAR, max / 10)) return null
  return (
    <p role="status" className={`text-end text-xs tabular-nums ${left < 0 ? 'text-danger-ink' : 'text-muted'}`}>
      {left < 0 ? text('composer.too_long', { count: -left }) : text('composer.left', { count: left })}
    </p>
  )
}
