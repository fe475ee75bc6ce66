import { useTyping } from '@confab/client/react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'

/** Who is typing; its height is always there, so that nothing jumps. */
export function TypingLine({ roomId }: { roomId: number }) {
  const text = useText()
  const { list } = useFormats()
  const typists = useTyping(roomId)
  const names = list(typists.map(({ username }) => username))
  return (
    <p className="h-5 shrink-0 truncate px-5 text-xs text-muted">
      {typists.length > 0 ? text('conversation.typing', { names, count: typists.length }) : null}
    </p>
  )
}
