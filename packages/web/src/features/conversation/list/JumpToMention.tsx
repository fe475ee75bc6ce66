import { useChat, useClient } from '@confab/client/react'
import { AtSign } from 'lucide-react'
import { useErrorText } from '../../../lib/i18n/use-error-text.ts'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { showToast } from '../../../ui/toasts.ts'
import { type Place, placeOf } from './opening.ts'
import { useMentions } from './use-mentions.ts'

type NextMentionProps = Readonly<{
  roomId: number
  seen: number | undefined
  go: (place: Place) => void
  focusMessage: (id: number) => void
}>

/** Nothing, and nothing asked for, in rooms where nothing unread mentions one. */
export function JumpToMention(props: NextMentionProps) {
  const isMentioned = useChat(({ rooms }) => (rooms.byId[props.roomId]?.mention_count ?? 0) > 0)
  return isMentioned ? <NextMention {...props} /> : null
}

/** The way to the next message that mentions one and is not read, with how many there are. */
function NextMention({ roomId, seen, go, focusMessage }: NextMentionProps) {
  const text = useText()
  const errorText = useErrorText()
  const client = useClient()
  const { ids, skip } = useMentions(roomId, seen)
  const [next] = ids
  if (next === undefined) return null
  const jump = async () => {
    if (!(await client.messages.showMessage(roomId, next))) return skip(next)
    go(placeOf(next))
    // The button goes with the last of them.
    focusMessage(next)
  }
  const label = text('conversation.mention', { count: ids.length })
  return (
    <div className="absolute end-4 bottom-18 z-10">
      <button
        type="button"
        onClick={() => void jump().catch((error) => showToast({ title: errorText(error), tone: 'danger' }))}
        aria-label={label}
        data-tooltip={label}
        data-tooltip-side="inline-start"
        className="grid size-11 place-items-center rounded-full border border-line bg-raised text-muted shadow-float transition-colors hover:bg-hover hover:text-ink"
      >
        <AtSign size={20} aria-hidden />
      </button>
      <span aria-hidden className="pointer-events-none absolute inset-x-0 -top-2 flex justify-center">
        <Badge count={ids.length} label="" />
      </span>
    </div>
  )
}
