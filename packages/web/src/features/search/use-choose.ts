import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Option } from './options.ts'

/**
 * Does what an option is for. A person is somebody to talk with: their direct room opens, or, where that is refused, who
 * they are.
 *
 * @param onDone called when the palette has done its part
 */
export function useChoose(onDone: () => void): { choose: (option: Option) => void; opening: string | undefined } {
  const client = useClient()
  const navigate = useNavigate()
  const [opening, setOpening] = useState<string>()
  const openRoom = (roomId: number, message?: number) => {
    onDone()
    void navigate({ to: '/rooms/$roomId', params: { roomId }, search: message === undefined ? {} : { message } })
  }
  const openPerson = async (userId: number) => {
    const known = Object.values(client.state.rooms.byId).find(({ peer_id }) => peer_id === userId)
    if (known) return openRoom(known.id)
    try {
      const room = await client.api.rooms.createRoom({ body: { participant_ids: [userId] } })
      openRoom(room.id)
    } catch {
      onDone()
      void navigate({ to: '/people/$userId', params: { userId } })
    }
  }
  const choose = (option: Option) => {
    if (option.kind === 'room') openRoom(option.room.id)
    else if (option.kind === 'message') openRoom(option.hit.room, option.hit.id)
    else if (option.kind === 'more') option.load()
    else if (option.kind === 'action') {
      onDone()
      option.action.run()
    } else if (opening === undefined) {
      setOpening(option.id)
      void openPerson(option.person.id).finally(() => setOpening(undefined))
    }
  }
  return { choose, opening }
}
