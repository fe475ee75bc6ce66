import { useChat, useMe, useOutbox, usePeople, useRoom } from '@confab/client/react'
import { useRef } from 'react'
import { displayName, isDeleted } from '../../../lib/names.ts'

/** Why one cannot write in a room; `person` is whom it is about. */
export type Standing =
  | Readonly<{ reason: 'writes' | 'removed' | 'refused' }>
  | Readonly<{ reason: 'blocked' | 'deleted'; person: Readonly<{ id: number; name: string }> }>

const writes: Standing = { reason: 'writes' }

/** Whether somebody may write in a room, as far as it can be known before they try. */
export function useStanding(roomId: number): Standing {
  const me = useMe()?.id
  const room = useRoom(roomId)
  const details = useChat((state) => state.details[roomId])
  const isReady = useChat((state) => state.isReady)
  const { blocks } = usePeople()
  const isRefused = useOutbox(roomId).some(({ error }) => error?.code === 'cannot_message')
  const wasThere = useRef(false)
  if (room ?? details) wasThere.current = true
  else if (wasThere.current && isReady) return { reason: 'removed' }

  const isGroup = details?.is_group ?? room?.is_group ?? true
  const other = isGroup ? undefined : details?.participants.find(({ id }) => id !== me)
  if (other) {
    const person = { id: other.id, name: displayName(other) }
    // The name that stands in the place of an account that is gone; nobody can choose one with a colon.
    if (isDeleted(other)) return { reason: 'deleted', person }
    if (blocks.some(({ id }) => id === other.id)) return { reason: 'blocked', person }
  }
  return isRefused ? { reason: 'refused' } : writes
}
