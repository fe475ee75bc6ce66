import type { Message } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** The images of a room that are here, newest first, and how to get older ones. */
export type RoomImages = Readonly<{
  images: readonly Message[]
  error: unknown
  isPending: boolean
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
  retry: () => void
}>

/** The images of a room, page by page; what is sent and deleted meanwhile is in it. */
export function useRoomImages(roomId: number): RoomImages {
  const client = useClient()
  const queries = useQueryClient()
  const found = useInfiniteQuery({
    queryKey: ['room-images', roomId],
    queryFn: ({ signal, pageParam }) =>
      client.api.messages.listRoomImages({
        params: { room: roomId },
        query: { limit: '60', ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => (next ? URL.parse(next)?.searchParams.get('cursor') : undefined) ?? undefined,
  })
  useEffect(() => {
    const refresh = () => void queries.invalidateQueries({ queryKey: ['room-images', roomId] })
    const onMessage = ({ message }: { message: Message }) => {
      if (message.room === roomId && message.image !== null) refresh()
    }
    const stops = [
      client.on('message.created', onMessage),
      client.on('message.updated', onMessage),
      client.on('message.deleted', ({ room }) => room === roomId && refresh()),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, queries, roomId])
  return {
    images: found.data?.pages.flatMap(({ results }) => results) ?? [],
    error: found.error,
    isPending: found.isPending,
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    retry: () => void found.refetch(),
  }
}
