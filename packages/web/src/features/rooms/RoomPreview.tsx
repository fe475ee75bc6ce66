import type { RoomEntry } from '@confab/client'
import { useMe, useOutbox, useTyping } from '@confab/client/react'
import { CircleAlert, Clock, ImageIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDrafts } from '../../lib/drafts.ts'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'
import { plainText } from '../../lib/plain-text.ts'
import { classNames } from '../../ui/class-names.ts'
import { senderName } from '../../ui/sender-name.ts'

/**
 * The second line of a room in the list. What is happening comes before what one began, that before what waits to be
 * sent, and that before what was last said.
 */
export function RoomPreview({ room, isOpen }: { room: RoomEntry; isOpen: boolean }) {
  const text = useText()
  const { list } = useFormats()
  const typists = useTyping(room.id)
  const draft = useDrafts()[room.id]
  const waiting = useOutbox(room.id).at(-1)
  if (typists.length > 0) {
    const names = list(typists.slice(0, 3).map(({ username }) => username))
    return (
      <span className="text-accent-ink">
        {room.is_group ? text('rooms.typing', { names, count: typists.length }) : text('rooms.typing.direct')}
      </span>
    )
  }
  if (draft && !isOpen) return <Line label={text('rooms.draft')} tone="text-fresh-ink" content={draft} />
  if (waiting) {
    const content = waiting.content || text('rooms.image')
    return waiting.status === 'failed' ? (
      <Line icon={<CircleAlert size={14} />} label={text('rooms.failed')} tone="text-danger-ink" content={content} />
    ) : (
      <Line icon={<Clock size={14} />} label={text('rooms.by_me')} content={content} />
    )
  }
  return <LastMessage room={room} />
}

function LastMessage({ room: { last_message, is_group } }: { room: RoomEntry }) {
  const text = useText()
  const me = useMe()
  if (!last_message) return text('rooms.no_messages')
  const { sender_id, sender_name, content } = last_message
  const byOthers = is_group ? text('rooms.by', { name: senderName(sender_name, text) }) : undefined
  return (
    <Line
      icon={content ? undefined : <ImageIcon size={14} />}
      label={sender_id === me?.id ? text('rooms.by_me') : byOthers}
      content={content || text('rooms.image')}
    />
  )
}

/**
 * Label and content are cut and turned each for itself: they may be of different directions. Both stand at the side where
 * the rows of the app begin.
 */
function Line({
  icon,
  label,
  tone,
  content,
}: {
  icon?: ReactNode
  label: string | undefined
  tone?: string
  content: string
}) {
  return (
    <span className="flex min-w-0 items-center gap-1 [justify-content:left] [html[dir=rtl]_&]:[justify-content:right]">
      {icon ? (
        <span aria-hidden className="shrink-0">
          {icon}
        </span>
      ) : null}
      {label ? <span className={classNames('max-w-[50%] shrink-0 truncate', tone)}>{label}</span> : null}
      <span dir="auto" className="min-w-0 truncate match-parent">
        {plainText(content)}
      </span>
    </span>
  )
}
