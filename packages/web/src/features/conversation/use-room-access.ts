import { ConfabError } from '@confab/client'
import { useClient, useStatus } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** Whether one may look at a room: `missing` where there is none for this person, `removed` where there was until now. */
export type RoomAccess = 'open' | 'missing' | 'removed'

/** Fetches the room with its members, again with every connection, and watches whether one is still in it. */
export function useRoomAccess(roomId: number): RoomAccess {
  const client = useClient()
  const [isRemoved, setIsRemoved] = useState(false)
  const isLive = useStatus() === 'live'
  const { error, isSuccess } = useQuery({
    // Members that joined or left while there was no connection are known with the next one.
    queryKey: ['room', roomId, isLive],
    enabled: isLive,
    gcTime: 0,
    // Without its members a room is not whole, however long the server takes to have them.
    retry: (_, failure) => failure instanceof ConfabError && failure.isRetryable,
    queryFn: () => client.rooms.loadRoom(roomId),
  })
  useEffect(() => {
    const leave = ({ room }: { room: number }) => room === roomId && setIsRemoved(true)
    const stops = [
      client.on('room.deleted', leave),
      client.on('member.removed', (event) => event.user_id === client.state.me?.id && leave(event)),
      client.on('room.created', ({ room }) => room.id === roomId && setIsRemoved(false)),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, roomId])
  const isMissing = error instanceof ConfabError && error.code === 'room_not_found'
  const [wasThere, setWasThere] = useState(false)
  if (isSuccess && !wasThere) setWasThere(true)
  if (isRemoved || (isMissing && wasThere)) return 'removed'
  return isMissing ? 'missing' : 'open'
}
