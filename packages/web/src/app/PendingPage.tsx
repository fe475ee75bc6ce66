import { useText } from '../lib/i18n/use-text.ts'
import { Spinner } from '../ui/Spinner.tsx'

/** While a view is on its way for longer than one notices. */
export function PendingPage() {
  const text = useText()
  return (
    <div role="status" className="grid h-full place-items-center text-muted">
      <Spinner size={28} />
      <span className="sr-only">{text('app.loading')}</span>
    </div>
  )
}
