import type { OutboxEntry } from '@confab/client'
import { useClient } from '@confab/client/react'
import { RotateCw, X } from 'lucide-react'
import { memo, useId } from 'react'
import { errorKey } from '../../../lib/errors.ts'
import { useFormats } from '../../../lib/formats.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { MessageText } from '../markup/MessageText.tsx'
import { OutboxImage } from '../media/OutboxImage.tsx'
import { bubbleLook, contentLook, lineLook } from './bubble.ts'
import { StateMark } from './DeliveryMark.tsx'

export type SendRowProps = { id: string; entry: OutboxEntry; isFirst: boolean; isLast: boolean; isTabStop: boolean }

/** What is not a message of the room yet: where it is on its way, and what can be done where it failed. */
export const SendRow = memo(function SendRow({ id, entry, isFirst, isLast, isTabStop }: SendRowProps) {
  const text = useText()
  const { time, exact } = useFormats()
  const contentId = useId()
  const { content, status } = entry
  return (
    <article
      data-key={id}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={text('conversation.message.label', { name: text('conversation.you'), at: exact(entry.createdAt) })}
      aria-describedby={contentId}
      className={lineLook({ isMine: true, isFirst })}
    >
      <div className="flex max-w-[82%] min-w-0 flex-col items-end tablet:max-w-[72%]">
        <div className={bubbleLook({ isMine: true, isLast })}>
          {entry.image ? <OutboxImage entry={entry} /> : null}
          <div className={classNames(contentLook, entry.image !== undefined && 'pt-1')}>
            <div id={contentId} className="min-w-0 grow">
              {content ? <MessageText text={content} room={entry.room} /> : null}
            </div>
            <p className="ms-auto flex h-5 shrink-0 items-center gap-1 text-2xs text-muted select-none">
              <time dateTime={entry.createdAt}>{time(entry.createdAt)}</time>
              <StateMark state={status} />
            </p>
          </div>
        </div>
        {status === 'failed' ? <Failure entry={entry} /> : null}
      </div>
    </article>
  )
})

function Failure({ entry }: { entry: OutboxEntry }) {
  const text = useText()
  const client = useClient()
  return (
    <div role="alert" className="flex flex-wrap items-center justify-end gap-x-2 pt-1 text-sm text-danger-ink">
      <span>{useFailureText(entry.error)}</span>
      <Button
        size="sm"
        kind="ghost"
        icon={<RotateCw size={15} aria-hidden />}
        onClick={() => client.retry(entry.clientId)}
      >
        {text('conversation.retry')}
      </Button>
      <Button size="sm" kind="ghost" icon={<X size={15} aria-hidden />} onClick={() => client.discard(entry.clientId)}>
        {text('conversation.discard')}
      </Button>
    </div>
  )
}

function useFailureText(error: OutboxEntry['error']): string {
  const text = useText()
  if (!error) return text('conversation.state.failed')
  const key = errorKey({ code: error.code, status: 0 })
  return key ? text(key, { seconds: 0 }) : error.message
}
