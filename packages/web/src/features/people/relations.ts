import type { FriendRequest, State } from '@confab/client'

/**
 * What somebody is to one: `asked` got a request from one, `asks` sent one, `blocked` was blocked by one. That one was
 * blocked nobody is told.
 */
export type Relation = 'oneself' | 'stranger' | 'friend' | 'asked' | 'asks' | 'blocked'

type Known = Pick<State, 'me' | 'people'>

/** What somebody is to one, by what the server has said. */
export function relationOf({ me, people }: Known, userId: number): Relation {
  if (userId === me?.id) return 'oneself'
  if (people.blocks.some(({ id }) => id === userId)) return 'blocked'
  if (me?.friends.includes(userId) || people.friends.some(({ id }) => id === userId)) return 'friend'
  const request = pendingRequest({ me, people }, userId)
  if (!request) return 'stranger'
  return request.from_user === userId ? 'asks' : 'asked'
}

/** The request between oneself and somebody that waits for an answer, whoever sent it. */
export function pendingRequest({ people }: Known, userId: number): FriendRequest | undefined {
  return people.requests.find(
    ({ status, from_user, to_user }) => status === 'pending' && (from_user === userId || to_user === userId),
  )
}
