import type { RoomEntry } from '@confab/client'
import { useMe, useOutbox, useTyping } from '@confab/client/react'
import { CircleAlert, Clock, ImageIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDrafts } from '../../lib/drafts.ts'
import { useFormats } from '../../lib/formats.ts'
import { useText } from '../../lib/i18n/use-text.ts'

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
  if (draft && !isOpen) {
    return (
      <>
        <span className="font-medium text-fresh-ink">{text('rooms.draft')}</span> {draft}
      </>
    )
  }
  if (waiting?.status === 'failed') {
    return (
      <WithIcon icon={<CircleAlert size={14} aria-hidden />}>
        <span className="text-danger-ink">{text('rooms.failed', { content: waiting.content })}</span>
      </WithIcon>
    )
  }
  if (waiting) {
    const content = waiting.content || text('rooms.image')
    return <WithIcon icon={<Clock size={14} aria-hidden />}>{text('rooms.by_me', { content })}</WithIcon>
  }
  return <LastMessage room={room} />
}

function LastMessage({ room: { last_message, is_group } }: { room: RoomEntry }) {
  const text = useText()
  const me = useMe()
  if (!last_message) return text('rooms.no_messages')
  const isMine = last_message.sender_id === me?.id
  const by = (content: string) => {
    if (isMine) return text('rooms.by_me', { content })
    return is_group ? text('rooms.by', { name: senderName(last_message.sender_name, text), content }) : content
  }
  if (last_message.content) return by(last_message.content)
  return <WithIcon icon={<ImageIcon size={14} aria-hidden />}>{by(text('rooms.image'))}</WithIcon>
}

/** Whoever deleted their account has a name that no person can have. */
function senderName(username: string, text: (key: string) => string): string {
  return username.startsWith('deleted:') ? text('rooms.deleted_user') : username
}

function WithIcon({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 [&>svg]:shrink-0">
      {icon}
      <span className="truncate">{children}</span>
    </span>
  )
}
