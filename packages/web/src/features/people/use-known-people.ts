import type { BlockedUser, Friend } from '@confab/client'
import { useMe, usePeople } from '@confab/client/react'
import { useMemo } from 'react'
import { useRelations } from './use-relations.ts'

/** Friends, those whose requests wait, either way (by id), and those one blocked. */
export type KnownPeopleLists = Readonly<{
  friends: readonly Friend[]
  received: readonly number[]
  sent: readonly number[]
  blocked: readonly BlockedUser[]
}>

/** Those one has to do with, with what was asked for as if it were so already. Undefined until they are here. */
export function useKnownPeople(): KnownPeopleLists | undefined {
  const me = useMe()?.id
  const people = usePeople()
  const relation = useRelations()
  return useMemo(() => {
    if (!people.isLoaded) return undefined
    const pending = people.requests.filter(({ status }) => status === 'pending').toReversed()
    const others = pending.map(({ from_user, to_user }) => (from_user === me ? to_user : from_user))
    return {
      friends: people.friends.filter(({ id }) => relation(id) === 'friend'),
      received: others.filter((id) => relation(id) === 'asks'),
      sent: others.filter((id) => relation(id) === 'asked'),
      blocked: people.blocks.filter(({ id }) => relation(id) === 'blocked'),
    }
  }, [me, people, relation])
}
