import { ImageOff } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Button } from '../../../ui/Button.tsx'

/** Stands where an image could not be loaded, and offers to try again. */
export function ImageFailure({ onRetry }: { onRetry: () => void }) {
  const text = useText()
  return (
    <div
      role="alert"
      className="flex size-full flex-col items-center justify-center gap-2 p-2 text-center text-sm text-muted"
    >
      <ImageOff size={28} aria-hidden />
      <p>{text('media.failed')}</p>
      <Button size="sm" onClick={onRetry}>
        {text('media.retry')}
      </Button>
    </div>
  )
}
