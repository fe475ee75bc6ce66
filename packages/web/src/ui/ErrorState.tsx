import { CloudOff } from 'lucide-react'
import { useErrorText } from '../lib/i18n/use-error-text.ts'
import { useText } from '../lib/i18n/use-text.ts'
import { Button } from './Button.tsx'

/**
 * Says that something could not be loaded, why, and offers to try again.
 *
 * @param heading `h1` where it stands in the place of a whole view
 */
export function ErrorState({
  error,
  onRetry,
  heading: Heading = 'h2',
}: {
  error: unknown
  onRetry?: () => void
  heading?: 'h1' | 'h2'
}) {
  const text = useText()
  const errorText = useErrorText()
  return (
    <div role="alert" className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center">
      <span aria-hidden className="mb-2 grid size-14 place-items-center rounded-xl bg-danger-soft text-danger-ink">
        <CloudOff size={26} />
      </span>
      <Heading className="text-base font-semibold text-ink">{text('ui.error.title')}</Heading>
      <p className="text-sm text-pretty text-muted">{errorText(error)}</p>
      {onRetry ? (
        <Button className="mt-4" onClick={onRetry}>
          {text('ui.retry')}
        </Button>
      ) : null}
    </div>
  )
}
