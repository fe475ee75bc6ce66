import type { OutboxEntry } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { bubbleLook } from './MessageRow.tsx'

/** What is not a message of the room yet: its state, and what can be done where it failed. */
export function OutboxRow({ entry }: { entry: OutboxEntry }) {
  const text = useText()
  const client = useClient()
  const states = {
    queued: text('conversation.state.queued'),
    sending: text('conversation.state.sending'),
    sent: text('conversation.state.sent'),
    failed: text('conversation.state.failed'),
  }
  return (
    <li className="flex flex-col items-end gap-1">
      <article className={bubbleLook(true)}>
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
          {entry.content}
        </p>
        <p className="text-end text-2xs text-muted">{states[entry.status]}</p>
      </article>
      {entry.status === 'failed' ? (
        <div className="flex items-center gap-2 text-sm text-danger-ink">
          <span>{entry.error?.message}</span>
          <Button size="sm" onClick={() => client.retry(entry.clientId)}>
            {text('conversation.retry')}
          </Button>
          <Button size="sm" kind="ghost" onClick={() => client.discard(entry.clientId)}>
            {text('conversation.discard')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}
