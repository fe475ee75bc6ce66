import type { Message } from '@confab/client'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { DeliveryMark } from './DeliveryMark.tsx'

/** When it was written, whether it was changed, and for one's own what became of it. */
export function MessageMeta({ message, isMine }: { message: Message; isMine: boolean }) {
  const text = useText()
  const { time, exact } = useFormats()
  return (
    <p className="ms-auto flex h-5 shrink-0 items-center gap-1 text-2xs text-muted select-none">
      {message.edited_at ? (
        <span data-tooltip={text('conversation.edited.at', { at: exact(message.edited_at) })} data-tooltip-side="top">
          {text('conversation.edited')}
        </span>
      ) : null}
      <time dateTime={message.timestamp} data-tooltip={exact(message.timestamp)} data-tooltip-side="top">
        {time(message.timestamp)}
      </time>
      {isMine ? <DeliveryMark message={message} /> : null}
    </p>
  )
}
