import type { MessageHit, RoomEntry, RoomHit } from '@confab/client'
import { useClient, useRooms } from '@confab/client/react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useDebounced } from '../../lib/use-debounced.ts'
import { findWords } from './highlights.ts'

/** Rooms and people shown of one search. */
const SHOWN = '6'

/** Rooms found on the device, before the server has answered. */
const SHOWN_LOCALLY = 6

/** Rooms of the device whose name has all the words, latest activity first. */
export function findRooms(rooms: readonly RoomEntry[], query: string): readonly RoomHit[] {
  return rooms
    .flatMap(({ id, chat_name, is_group, group_image }) => {
      const highlights = findWords(chat_name, query)
      return highlights ? [{ id, chat_name, is_group, group_image, highlights }] : []
    })
    .slice(0, SHOWN_LOCALLY)
}

/** Looks in rooms and people; what is on the device is there at once. */
export function usePlaceSearch(query: string) {
  const { api } = useClient()
  const { rooms } = useRooms()
  const q = useDebounced(query)
  const found = useQuery({
    queryKey: ['search', 'places', q],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const input = { query: { q, limit: SHOWN }, signal }
      const [roomHits, people] = await Promise.all([api.search.searchRooms(input), api.search.searchPeople(input)])
      return { rooms: roomHits.results, people: people.results }
    },
  })
  const local = findRooms(rooms, query)
  const localIds = new Set(local.map(({ id }) => id))
  const isCurrent = query !== '' && found.data !== undefined
  return {
    rooms: [...local, ...(isCurrent ? found.data.rooms.filter(({ id }) => !localIds.has(id)) : [])],
    people: isCurrent ? found.data.people : [],
    isPending: query !== '' && (q !== query || found.isFetching),
    error: query === '' ? null : found.error,
    retry: () => void found.refetch(),
  }
}

/** Looks in messages, of all rooms or of one, page by page. */
export function useMessageSearch(query: string, room?: number) {
  const { api } = useClient()
  const q = useDebounced(query)
  const found = useInfiniteQuery({
    queryKey: ['search', 'messages', room ?? 'all', q],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const about = { q, ...(room === undefined ? { limit: '10' } : { room }) }
      return api.search.searchMessages({ query: { ...about, ...(pageParam && { cursor: pageParam }) }, signal })
    },
    getNextPageParam: ({ next }) => (next ? new URL(next).searchParams.get('cursor') : null),
  })
  const hits: readonly MessageHit[] = query === '' ? [] : (found.data?.pages.flatMap(({ results }) => results) ?? [])
  return {
    hits,
    hasMore: hits.length > 0 && found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
    isPending: query !== '' && (q !== query || (found.isFetching && !found.isFetchingNextPage)),
    error: query === '' ? null : found.error,
    retry: () => void found.refetch(),
  }
}
