import { useStatus } from '@confab/client/react'
import { CloudOff } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'

/** Says that more messages could not be fetched, at the end where they are missing, and offers to try again. */
export function EdgeState({ failed, onRetry }: { failed: 'older' | 'newer' | undefined; onRetry: () => void }) {
  const text = useText()
  const isLive = useStatus() === 'live'
  if (!failed) return null
  return (
    <div
      role="status"
      className={classNames(
        'absolute inset-x-0 z-10 flex justify-center p-3',
        failed === 'older' ? 'top-10' : 'bottom-14',
      )}
    >
      <div className="flex items-center gap-3 rounded-full border border-line bg-raised py-1.5 ps-4 pe-2 text-sm text-muted shadow-float">
        <CloudOff size={16} aria-hidden />
        {isLive ? text('conversation.more.failed') : text('conversation.more.offline')}
        <Button size="sm" kind="ghost" onClick={onRetry}>
          {text('conversation.more.retry')}
        </Button>
      </div>
    </div>
  )
}
