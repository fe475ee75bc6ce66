import type { MessagesView } from '@confab/client/react'
import { useMe } from '@confab/client/react'
import { useLayoutEffect, useRef } from 'react'
import { useText } from '../../lib/i18n/use-text.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { MessageRow } from './MessageRow.tsx'
import { OutboxRow } from './OutboxRow.tsx'

/** The messages that are here, oldest first, and what is on its way. It stays at the end while one is there. */
export function MessageList({ view, messageId }: { view: MessagesView; messageId: number | undefined }) {
  const text = useText()
  const me = useMe()?.id
  const end = useRef<HTMLDivElement>(null)
  const { messages, outbox } = view
  const newest = outbox.at(-1)?.clientId ?? messages.at(-1)?.id
  useLayoutEffect(() => {
    if (newest !== undefined && messageId === undefined) end.current?.scrollIntoView({ block: 'end' })
  }, [newest, messageId])
  return (
    <div
      role="log"
      aria-label={text('conversation.messages')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by keyboard
      tabIndex={0}
      className="min-h-0 grow overflow-y-auto px-4"
    >
      {view.hasOlder ? (
        <div className="p-3 text-center">
          <Button kind="ghost" size="sm" onClick={() => void view.loadOlder()}>
            {text('conversation.older')}
          </Button>
        </div>
      ) : null}
      {messages.length + outbox.length === 0 ? (
        <EmptyState title={text('conversation.empty.title')}>{text('conversation.empty.text')}</EmptyState>
      ) : null}
      <ol className="mx-auto flex max-w-3xl flex-col gap-2 py-4">
        {messages.map((message) => (
          <MessageRow
            key={message.id}
            message={message}
            isMine={message.sender.id === me}
            isMarked={message.id === messageId}
          />
        ))}
        {outbox.map((entry) => (
          <OutboxRow key={entry.clientId} entry={entry} />
        ))}
      </ol>
      {view.hasNewer ? (
        <div className="p-3 text-center">
          <Button kind="ghost" size="sm" onClick={() => void view.loadNewer()}>
            {text('conversation.newer')}
          </Button>
        </div>
      ) : null}
      <div ref={end} />
    </div>
  )
}
