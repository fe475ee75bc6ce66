import type { Person } from '@confab/client'
import { useClient, useMe, usePeople } from '@confab/client/react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { displayName } from '../../lib/names.ts'
import { useDebounced } from '../../lib/use-debounced.ts'
import { usePresenceOrder } from '../../lib/use-presence-order.ts'

/** More people than this can be searched. */
export const SEARCH_FROM = 10

/** Somebody who can be chosen. */
export type Candidate = Pick<Person, 'id' | 'username' | 'full_name' | 'profile_pic'>

/** Who can be chosen, and how finding more of them goes. */
export type Candidates = Readonly<{
  people: readonly Candidate[]
  isPending: boolean
  error: unknown
  retry: () => void
}>

/**
 * Friends first, those who are there at the top; without friends anybody. As soon as something is looked for, friends
 * whose name has it in it, at once, and then everybody else.
 */
export function useCandidates(search: string): Candidates {
  const { api } = useClient()
  const me = useMe()?.id
  const { friends, isLoaded } = usePeople()
  const ordered = usePresenceOrder(friends)
  const words = search.trim()
  const wanted = useDebounced(words)
  const found = useQuery({
    queryKey: ['search', 'candidates', wanted],
    queryFn: async ({ signal }): Promise<readonly Candidate[]> => {
      if (wanted) return (await api.search.searchPeople({ query: { q: wanted, limit: '50' }, signal })).results
      const users = await api.people.listUsers({ query: { limit: '50' }, signal })
      return users.map(({ first_name, last_name, ...user }) => ({
        ...user,
        full_name: `${first_name} ${last_name}`.trim() || null,
      }))
    },
    enabled: wanted !== '' || (isLoaded && friends.length === 0),
    placeholderData: keepPreviousData,
  })
  const known = words ? ordered.filter((friend) => matches(friend, words)) : ordered
  const isAboutFriends = words === '' && friends.length > 0
  const others = isAboutFriends ? [] : (found.data ?? [])
  const ids = new Set(known.map(({ id }) => id))
  const people = [...known, ...others.filter(({ id }) => id !== me && !ids.has(id))]
  return {
    people,
    isPending: people.length === 0 && (isAboutFriends ? !isLoaded : found.isPending || words !== wanted),
    error: isAboutFriends ? null : found.error,
    retry: () => void found.refetch(),
  }
}

/** Whether every word is in somebody's names, in any case. */
export function matches(person: Pick<Candidate, 'username' | 'full_name'>, search: string): boolean {
  const names = `${person.username} ${displayName(person)}`.toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word))
}
