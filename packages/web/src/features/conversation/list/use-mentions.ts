import { useChat, useClient, useStatus } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

/**
 * The messages of a room that mention one and that one has not come to yet, the first first: their ids, however far back
 * they are.
 *
 * @param seen the last message that is in sight; undefined until something is
 * @returns also how to leave one out, because it is gone
 */
export function useMentions(room: number, seen: number | undefined): { ids: number[]; skip: (id: number) => void } {
  const client = useClient()
  const count = useChat(({ rooms }) => rooms.byId[room]?.mention_count ?? 0)
  const isLive = useStatus() === 'live'
  const [passed, setPassed] = useState(0)
  if (seen !== undefined && seen > passed) setPassed(seen)
  const found = useQuery({
    queryKey: ['mentions', room, count],
    queryFn: () => client.notifications.listMentions(room),
    enabled: isLive,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  return { ids: (found.data ?? []).filter((id) => id > passed), skip: setPassed }
}
