import { useTyping } from '@confab/client/react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'

/** More people than this are not named. */
const MAX_NAMED = 3

/** Who is typing; its height is always there, so that nothing jumps. */
export function TypingLine({ roomId }: { roomId: number }) {
  const text = useText()
  const { list } = useFormats()
  const typists = useTyping(roomId)
  const count = typists.length
  const names = list(typists.slice(0, MAX_NAMED).map(({ username }) => username))
  const words =
    count > MAX_NAMED ? text('conversation.typing.many', { count }) : text('conversation.typing', { names, count })
  return (
    <div className="mx-auto flex h-6 w-full max-w-4xl shrink-0 items-center gap-2 px-5 text-xs text-muted">
      {count > 0 ? (
        <>
          <span aria-hidden className="flex gap-1">
            <span className="size-1.5 animate-shimmer rounded-full bg-accent" />
            <span className="size-1.5 animate-shimmer rounded-full bg-accent [animation-delay:200ms]" />
            <span className="size-1.5 animate-shimmer rounded-full bg-accent [animation-delay:400ms]" />
          </span>
          <span className="truncate">{words}</span>
        </>
      ) : null}
    </div>
  )
}
