import { useText } from '../../lib/i18n/use-text.ts'
import { classNames } from '../../ui/class-names.ts'
import type { Strength } from './password-strength.ts'

const steps: Record<Strength, { filled: number; tone: string }> = {
  short: { filled: 0, tone: 'bg-line' },
  weak: { filled: 1, tone: 'bg-danger' },
  fair: { filled: 2, tone: 'bg-warning' },
  good: { filled: 3, tone: 'bg-success' },
  strong: { filled: 4, tone: 'bg-success' },
}

/** Says how strong a password is, by four bars and in words. It has its place before there is one. */
export function PasswordStrength({ strength }: { strength: Strength | undefined }) {
  const text = useText()
  const { filled, tone } = steps[strength ?? 'short']
  const words = {
    none: text('entry.strength.none'),
    short: text('entry.strength.short'),
    weak: text('entry.strength.weak'),
    fair: text('entry.strength.fair'),
    good: text('entry.strength.good'),
    strong: text('entry.strength.strong'),
  }[strength ?? 'none']
  return (
    <span className="flex flex-col gap-1.5 pt-0.5">
      <span aria-hidden className="flex gap-1">
        {[0, 1, 2, 3].map((step) => (
          <span
            key={step}
            className={classNames(
              'h-1 grow rounded-full transition-colors duration-(--calm)',
              step < filled ? tone : 'bg-line',
            )}
          />
        ))}
      </span>
      <span aria-live="polite">{words}</span>
    </span>
  )
}
