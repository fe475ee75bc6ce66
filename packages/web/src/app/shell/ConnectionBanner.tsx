import { useStatus } from '@confab/client/react'
import { useEffect, useState } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { classNames } from '../../ui/class-names.ts'
import { Spinner } from '../../ui/Spinner.tsx'

/** A hiccup shorter than this is nobody's business, and good news needs no longer to be read. In ms. */
const PATIENCE_MS = 1_500
const GOOD_NEWS_MS = 2_000

type Phase = 'quiet' | 'away' | 'back'

/** Says that there is no connection, once that lasts, and that it is back. */
export function ConnectionBanner() {
  const text = useText()
  const phase = usePhase(useStatus() === 'live')
  const words = { quiet: '', away: text('app.connection.away'), back: text('app.connection.back') }[phase]
  return (
    <div
      role="status"
      className={classNames(
        'flex shrink-0 items-center justify-center gap-2 text-sm font-medium',
        phase !== 'quiet' && 'min-h-9 px-4 py-1.5',
        phase === 'away' && 'bg-warning-soft text-warning-ink',
        phase === 'back' && 'bg-accent-soft text-accent-ink',
      )}
    >
      {phase === 'away' ? <Spinner size={16} /> : null}
      {words}
    </div>
  )
}

function usePhase(isLive: boolean): Phase {
  const [phase, setPhase] = useState<Phase>('quiet')
  useEffect(() => {
    if (!isLive) {
      const timer = setTimeout(() => setPhase('away'), PATIENCE_MS)
      return () => clearTimeout(timer)
    }
    setPhase((before) => (before === 'away' ? 'back' : before))
    const timer = setTimeout(() => setPhase('quiet'), GOOD_NEWS_MS)
    return () => clearTimeout(timer)
  }, [isLive])
  return phase
}
