import { useChat } from '@confab/client/react'
import { useEffect } from 'react'
import { useDocumentTitle } from '../../lib/document-title.ts'
import { setPreference } from '../../lib/preferences.ts'
import { Conversation } from './Conversation.tsx'
import { Composer } from './composer/Composer.tsx'
import { ConversationHeader, type RoomPanel } from './header/ConversationHeader.tsx'
import { NoRoom } from './NoRoom.tsx'
import { TypingLine } from './TypingLine.tsx'
import { useAnnouncements } from './use-announcements.ts'
import { useRoomAccess } from './use-room-access.ts'

export type ConversationPageProps = {
  roomId: number
  /** A message to be shown. */
  messageId: number | undefined
  /** What stands beside the conversation. */
  panel: RoomPanel | undefined
}

/** The messages of a room, and where one writes. */
export function ConversationPage({ roomId, messageId, panel }: ConversationPageProps) {
  const name = useChat(({ rooms, details }) => (rooms.byId[roomId] ?? details[roomId])?.chat_name)
  const access = useRoomAccess(roomId)
  useDocumentTitle(name)
  useAnnouncements(roomId)
  useEffect(() => {
    if (access === 'open') setPreference('lastRoom', roomId)
    else setPreference('lastRoom', null)
  }, [roomId, access])

  if (access !== 'open') return <NoRoom access={access} />
  return (
    <>
      <ConversationHeader roomId={roomId} panel={panel} />
      <Conversation roomId={roomId} messageId={messageId} />
      <TypingLine roomId={roomId} />
      <Composer room={roomId} />
    </>
  )
}
