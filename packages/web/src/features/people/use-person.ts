import type { User } from '@confab/client'
import { useClient } from '@confab/client/react'
import { useQuery } from '@tanstack/react-query'

/** Somebody's profile, fetched when it is not here. */
export function usePerson(userId: number) {
  const { api } = useClient()
  return useQuery({
    queryKey: ['user', userId],
    queryFn: ({ signal }) => api.people.getUser({ params: { id: userId }, signal }),
  })
}

/** How somebody is called. */
export function nameOf({
  first_name,
  last_name,
  username,
}: Pick<User, 'first_name' | 'last_name' | 'username'>): string {
  return `${first_name} ${last_name}`.trim() || username
}
