import type { Message } from '@confab/client'
import { useDelivery } from '@confab/client/react'
import { Check, CheckCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { classNames } from '../../ui/class-names.ts'

/** A message in its bubble; the one that was asked for is marked and brought into view. */
export function MessageRow({ message, isMine, isMarked }: { message: Message; isMine: boolean; isMarked: boolean }) {
  const text = useText()
  const { time, exact } = useFormats()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isMarked) row.current?.scrollIntoView({ block: 'center' })
  }, [isMarked])
  return (
    <li ref={row} className={classNames('flex', isMine && 'justify-end')}>
      <article className={classNames(bubbleLook(isMine), isMarked && 'outline-2 outline-fresh')}>
        {isMine ? null : <p className="text-xs font-semibold text-accent-ink">{message.sender.username}</p>}
        {message.image ? (
          <img
            src={message.thumbnail ?? message.image}
            alt={text('conversation.image', { name: message.sender.username })}
            className="max-h-80 rounded-md"
          />
        ) : null}
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
          {message.content}
        </p>
        <p className="flex items-center justify-end gap-1 text-2xs text-muted">
          {message.edited_at ? <span>{text('conversation.edited')}</span> : null}
          <time dateTime={message.timestamp} title={exact(message.timestamp)}>
            {time(message.timestamp)}
          </time>
          {isMine ? <Delivery message={message} /> : null}
        </p>
      </article>
    </li>
  )
}

/** What the bubble of a message looks like. */
export function bubbleLook(isMine: boolean): string {
  return classNames(
    'max-w-[80%] rounded-lg px-3.5 py-2 shadow-card',
    isMine ? 'rounded-ee-sm bg-bubble-own' : 'rounded-es-sm bg-bubble-other',
  )
}

function Delivery({ message }: { message: Message }) {
  const text = useText()
  const isRead = useDelivery(message) === 'read'
  const Icon = isRead ? CheckCheck : Check
  return (
    <>
      <Icon size={14} aria-hidden className={isRead ? 'text-accent-ink' : ''} />
      <span className="sr-only">{text(isRead ? 'conversation.state.read' : 'conversation.state.delivered')}</span>
    </>
  )
}
