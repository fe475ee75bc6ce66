import { useClient } from '@confab/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Option } from './options.ts'

/** Told when an option has done its part: whether it leads to a room, where one goes on to write. */
export type OnDone = (isToWrite: boolean) => void

/**
 * Does what an option is for. A person is somebody to talk with: their direct room opens, or, where that is refused, who
 * they are.
 */
export function useChoose(onDone: OnDone): { choose: (option: Option) => void; opening: string | undefined } {
  const client = useClient()
  const navigate = useNavigate()
  const [opening, setOpening] = useState<string>()
  const openRoom = (roomId: number, message?: number) => {
    onDone(message === undefined)
    void navigate({ to: '/rooms/$roomId', params: { roomId }, search: message === undefined ? {} : { message } })
  }
  const openPerson = async (userId: number) => {
    const known = Object.values(client.state.rooms.byId).find(({ peer_id }) => peer_id === userId)
    if (known) return openRoom(known.id)
    try {
      const room = await client.api.rooms.createRoom({ body: { participant_ids: [userId] } })
      openRoom(room.id)
    } catch {
      onDone(false)
      void navigate({ to: '/people/$userId', params: { userId } })
    }
  }
  const choose = (option: Option) => {
    if (option.kind === 'room') openRoom(option.room.id)
    else if (option.kind === 'message') openRoom(option.hit.room, option.hit.id)
    else if (option.kind === 'more') option.load()
    else if (option.kind === 'action') {
      onDone(false)
      option.action.run()
    } else if (opening === undefined) {
      setOpening(option.id)
      void openPerson(option.person.id).finally(() => setOpening(undefined))
    }
  }
  return { choose, opening }
}
