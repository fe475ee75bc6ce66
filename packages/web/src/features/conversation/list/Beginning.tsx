import { useRoom } from '@confab/client/react'
import { useText } from '../../../lib/i18n/use-text.ts'
import { Avatar } from '../../../ui/Avatar.tsx'

/** What stands before the first message of a room. */
export function Beginning({ roomId, isEmpty }: { roomId: number; isEmpty: boolean }) {
  const text = useText()
  const room = useRoom(roomId)
  const name = room?.chat_name ?? ''
  return (
    <div className="flex flex-col items-center gap-1 px-6 pt-6 pb-4 text-center">
      <Avatar name={name} image={room?.group_image ?? null} isGroup={room?.is_group ?? false} size="lg" />
      <p dir="auto" className="mt-3 text-lg font-semibold text-ink">
        {name}
      </p>
      <p className="text-sm text-muted">{isEmpty ? text('conversation.empty') : text('conversation.beginning')}</p>
    </div>
  )
}
