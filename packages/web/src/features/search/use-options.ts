import { useRooms } from '@confab/client/react'
import { useText } from '../../lib/i18n/use-text.ts'
import type { OptionGroup } from './options.ts'
import { useActions } from './use-actions.tsx'
import { useMessageSearch, usePlaceSearch } from './use-search.ts'

/** Rooms offered before anything is typed. */
const RECENT = 6

/**
 * What the palette offers for a query: without one the rooms of latest activity and what can be done; with one what is
 * found, rooms before people before messages, and the actions whose name has its words.
 */
export function useOptions(query: string) {
  const text = useText()
  const recent = useRooms().rooms.slice(0, RECENT)
  const places = usePlaceSearch(query)
  const messages = useMessageSearch(query)
  const actions = useActions().filter(({ label }) => beginsWord(label, query))
  const rooms = query === '' ? recent.map((room) => ({ ...room, highlights: [] })) : places.rooms
  const groups: OptionGroup[] = [
    {
      id: 'rooms',
      title: text(query === '' ? 'search.recent' : 'search.rooms'),
      options: rooms.map((room) => ({ kind: 'room', id: `room-${room.id}`, room })),
    },
    {
      id: 'people',
      title: text('search.people'),
      options: places.people.map((person) => ({ kind: 'person', id: `person-${person.id}`, person })),
    },
    {
      id: 'actions',
      title: text('search.actions'),
      options: actions.map((action) => ({ kind: 'action', id: `action-${action.id}`, action })),
    },
    {
      id: 'messages',
      title: text('search.messages'),
      options: [
        ...messages.hits.map((hit) => ({ kind: 'message' as const, id: `message-${hit.id}`, hit })),
        ...(messages.hasMore
          ? [{ kind: 'more' as const, id: 'more', load: messages.loadMore, isLoading: messages.isLoadingMore }]
          : []),
      ],
    },
  ]
  return {
    groups: groups.filter(({ options }) => options.length > 0),
    isPending: places.isPending || messages.isPending,
    error: places.error ?? messages.error,
    retry: () => {
      places.retry()
      messages.retry()
    },
  }
}

/** Whether a word of a label begins like the query. */
function beginsWord(label: string, query: string): boolean {
  return ` ${label.toLowerCase()}`.includes(` ${query.toLowerCase()}`)
}
