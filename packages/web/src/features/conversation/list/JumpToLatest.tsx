import { ArrowDown } from 'lucide-react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { useUnread } from './use-conversation.ts'

/** The way to the newest messages, with how many of them are unread. */
export function JumpToLatest({ roomId, isShown, onJump }: { roomId: number; isShown: boolean; onJump: () => void }) {
  const text = useText()
  const unread = useUnread(roomId)
  return (
    <div
      className={classNames(
        'absolute end-4 bottom-3 z-10 transition-[opacity,transform,visibility] duration-(--calm)',
        isShown ? 'opacity-100' : 'invisible translate-y-2 opacity-0',
      )}
    >
      <button
        type="button"
        onClick={onJump}
        aria-label={text('conversation.latest', { count: unread })}
        data-tooltip={text('conversation.latest', { count: unread })}
        data-tooltip-side="inline-start"
        className="grid size-11 place-items-center rounded-full border border-line bg-raised text-muted shadow-float transition-colors hover:bg-hover hover:text-ink"
      >
        <ArrowDown size={20} aria-hidden />
      </button>
      <span aria-hidden className="pointer-events-none absolute inset-x-0 -top-2 flex justify-center">
        <Badge count={unread} label="" tone="accent" />
      </span>
    </div>
  )
}
