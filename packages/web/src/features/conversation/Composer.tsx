import { useChat, useClient } from '@confab/client/react'
import { SendHorizontal } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useDraft } from '../../lib/drafts.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { usePreference } from '../../lib/preferences.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { GrowingText } from '../../ui/TextArea.tsx'

/** Where one writes. What is not sent stays a draft. */
export function Composer({ roomId }: { roomId: number }) {
  const text = useText()
  const client = useClient()
  const [draft, setDraft] = useDraft(roomId)
  const [enterSends] = usePreference('enterSends')
  const maxLength = useChat(({ limits }) => limits?.message_chars)

  const send = () => {
    const content = draft.trim()
    if (!content) return
    client.send(roomId, content)
    setDraft('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isSend = event.key === 'Enter' && (enterSends ? !event.shiftKey : event.ctrlKey || event.metaKey)
    if (!isSend || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  const write = (next: string) => {
    setDraft(next)
    if (next) client.typing.start(roomId)
    else client.typing.stop(roomId)
  }
  return (
    <form
      className="flex shrink-0 items-end gap-2 border-t border-line bg-surface px-4 py-3 pb-[max(--spacing(3),env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <GrowingText
        aria-label={text('conversation.write')}
        placeholder={text('conversation.write')}
        dir="auto"
        value={draft}
        maxLength={maxLength}
        onChange={write}
        onKeyDown={onKeyDown}
        className="rounded-lg border border-line-strong bg-raised px-3.5 py-2 text-ink placeholder:text-faint"
      />
      <IconButton
        type="submit"
        icon={<SendHorizontal size={20} aria-hidden className="rtl:-scale-x-100" />}
        label={text('conversation.send')}
        tooltipSide="top"
        disabled={draft.trim() === ''}
        className="bg-accent text-on-accent hover:bg-accent-hover hover:text-on-accent"
      />
    </form>
  )
}
