import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAttempt } from '../../ui/use-attempt.ts'

/** Opens the direct room with somebody; a toast says why where that is refused. */
export function useStartConversation(): { start: (userId: number) => Promise<void>; isStarting: boolean } {
  const { api } = useClient()
  const navigate = useNavigate()
  const attempt = useAttempt()
  const [isStarting, setIsStarting] = useState(false)
  const start = async (userId: number) => {
    setIsStarting(true)
    await attempt(async () => {
      const { id } = await api.rooms.createRoom({ body: { participant_ids: [userId] } })
      await navigate({ to: '/rooms/$roomId', params: { roomId: id } })
    })
    setIsStarting(false)
  }
  return { start, isStarting }
}
